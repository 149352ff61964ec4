using System.Text.Json;
using Gateway.Control.Documents;
using Gateway.Limits.Model;
using Gateway.Mcp;
using Gateway.Mcp.Protocol;
using Gateway.Mcp.Reading;
using Gateway.Mcp.Writing;
using Gateway.Proxy.Calls;
using Gateway.Proxy.Edge.Listeners;
using Gateway.Proxy.Pipeline;
using Gateway.Proxy.Refusals;
using Gateway.Proxy.Waiting;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Endpoint;

/// <summary>
/// The stage that removes the gateway's own request from a retry: the state that it sealed and the response beside it.
/// The rest is the original call. It is parsed as strictly, and only that is evaluated and sent.
/// </summary>
internal sealed class ApprovalRetryStage(
    MessageReading reading, LinkQuestions questions, DocumentCache documents, ProcessClock clock)
    : IStage<AgentMessage, UnsealedMessage>
{
    private const string State = "requestState";
    private const string Inputs = "inputResponses";

    public ValueTask<StageResult<UnsealedMessage>> RunAsync(AgentMessage input) =>
        input.Revision == McpRevision.Stateless && !input.Message.RequestState.IsEmpty
        && OwnState(input.Message) is { } state
            ? UnsealAsync(input, state)
            : new(new UnsealedMessage(input, null));

    private async ValueTask<StageResult<UnsealedMessage>> UnsealAsync(AgentMessage input, string state)
    {
        var (http, grant, message) = (input.Http, input.Grant, input.Message);
        if (await CallOfAsync(http, state, message) is not { } call)
            return StageEnd.Finished;
        if (!TryReadAnswer(message, out var isDeclined))
        {
            await FaultAsync(http, message, StatusCodes.Status400BadRequest, McpErrorCodes.InvalidParams,
                $"With this \"{State}\", \"params.{Inputs}\" may contain only \"{UrlElicitation.InputName}\": an "
                    + "object whose \"action\" is \"accept\", \"decline\" or \"cancel\".");
            return StageEnd.Finished;
        }

        var body = RawJson.Without(RawJson.Without(message.Body.Span, "params", State), "params", Inputs);
        if (await reading.ReadAsync(grant, body, http.RequestAborted) is not { } read)
        {
            await NoMemory.WriteAsync(http, message.Id);
            return StageEnd.Finished;
        }

        var original = read.Message
            ?? throw new InvalidOperationException("A message must stay valid after the removal of two members.");
        return new UnsealedMessage(input with { Message = original }, new ApprovalRetry(call, isDeclined));
    }

    /// <summary>Returns the state if the gateway itself may have made it.</summary>
    private static string? OwnState(McpMessage message)
    {
        if (message.RequestState.Span is not [(byte)'"', .. var text] || !JsonText.HasPlainEscapes(text))
            return null;
        var state = JsonElement.Parse(message.RequestState.Span).GetString()!;
        return state.StartsWith(LinkQuestions.StateStart, StringComparison.Ordinal) ? state : null;
    }

    private async ValueTask<string?> CallOfAsync(HttpContext http, string state, McpMessage message)
    {
        try
        {
            var snapshot = await documents.ReadAsync(http.RequestAborted);
            if (questions.CallOf(state, snapshot, clock.NowMs()) is { } call)
                return call;
            await FaultAsync(http, message, StatusCodes.Status400BadRequest, McpErrorCodes.InvalidParams,
                $"\"params.{State}\" was not issued by this gateway. Call again without this member.");
        }
        catch (ControlStoreException)
        {
            await FaultAsync(http, message, StatusCodes.Status503ServiceUnavailable, McpErrorCodes.Unavailable,
                "The gateway cannot reach the store of its approvals. Nothing was counted; try again in a second.");
        }

        return null;
    }

    /// <summary>Reads the response to the link, which is optional: a client may show the link and report nothing.
    /// </summary>
    private static bool TryReadAnswer(McpMessage message, out bool isDeclined)
    {
        isDeclined = false;
        if (RawJson.Find(message.Body.Span, "params", Inputs) is not { } place)
            return true;
        using var inputs = JsonDocument.Parse(
            message.Body[place], new JsonDocumentOptions { MaxDepth = RawJson.DepthMax });
        if (inputs.RootElement.ValueKind != JsonValueKind.Object)
            return false;
        JsonElement? own = null;
        foreach (var member in inputs.RootElement.EnumerateObject())
        {
            if (member.Name != UrlElicitation.InputName)
                return false;
            own = member.Value;
        }

        if (own is not { } answer)
            return true;
        if (answer.ValueKind != JsonValueKind.Object || !answer.TryGetProperty("action", out var action)
            || action.ValueKind != JsonValueKind.String)
            return false;
        isDeclined = action.GetString() is "decline" or "cancel";
        return isDeclined || action.GetString() == "accept";
    }

    private static Task FaultAsync(HttpContext http, McpMessage message, int status, int code, string text) =>
        PlainResponse.FaultAsync(http, new McpFault(status, code, text, message.Id));
}
