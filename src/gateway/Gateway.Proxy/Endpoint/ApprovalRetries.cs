using System.Text.Json;
using Gateway.Control.Documents;
using Gateway.Control.Snapshots;
using Gateway.Limits.Model;
using Gateway.Mcp;
using Gateway.Mcp.Protocol;
using Gateway.Mcp.Reading;
using Gateway.Mcp.Writing;
using Gateway.Proxy.Aggregation.Raw;
using Gateway.Proxy.Edge.Listeners;
using Gateway.Proxy.Refusals;
using Gateway.Proxy.Waiting;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Endpoint;

/// <summary>
/// Takes out of a call what the gateway itself had asked for: the state that it sealed and the answer beside it. What
/// is left is the call as it first came, is read as strictly, and only that is judged and sent.
/// </summary>
internal sealed class ApprovalRetries(
    MessageReading reading, LinkQuestions questions, DocumentCache documents, ProcessClock clock)
{
    private const string State = "requestState";
    private const string Inputs = "inputResponses";

    /// <summary>The message to go on with; null where it was answered.</summary>
    public async ValueTask<McpMessage?> TakeAsync(
        HttpContext http, GrantModel grant, McpMessage message, McpRevision era)
    {
        if (era != McpRevision.Stateless || message.RequestState.IsEmpty || OwnState(message) is not { } state)
            return message;
        if (await CallOfAsync(http, state, message) is not { } call)
            return null;
        if (!TryReadAnswer(message, out var isDeclined))
        {
            await FaultAsync(http, message, StatusCodes.Status400BadRequest, McpErrorCodes.InvalidParams,
                $"\"params.{Inputs}\" may hold \"{UrlElicitation.InputName}\" alone with this \"{State}\", an object "
                + "whose \"action\" is \"accept\", \"decline\" or \"cancel\".");
            return null;
        }

        var body = RawJson.Without(RawJson.Without(message.Body.Span, "params", State), "params", Inputs);
        if (await reading.ReadAsync(grant, body, http.RequestAborted) is not { } read)
        {
            await NoMemory.WriteAsync(http, message.Id);
            return null;
        }

        http.Features.Set(new ApprovalRetry(call, isDeclined));
        return read.Message ?? throw new InvalidOperationException("A message without two members is none any more.");
    }

    /// <summary>The state, where the gateway itself may have made it.</summary>
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
                $"\"params.{State}\" is not what this gateway gave. Call again without it.");
        }
        catch (ControlStoreException)
        {
            await FaultAsync(http, message, StatusCodes.Status503ServiceUnavailable, McpErrorCodes.Unavailable,
                "The gateway cannot reach its record of approvals. Nothing was counted; try again in a second.");
        }

        return null;
    }

    /// <summary>Absent is well: the link was shown, and nobody says how.</summary>
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
