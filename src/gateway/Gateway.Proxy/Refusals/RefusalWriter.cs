using System.Collections.Immutable;
using System.Globalization;
using Gateway.Audit.Records;
using Gateway.Limits.Model;
using Gateway.Mcp;
using Gateway.Mcp.Protocol;
using Gateway.Mcp.Writing;
using Gateway.Policy.Decisions;
using Gateway.Proxy.Calls;
using Gateway.Proxy.Edge.Listeners;
using Gateway.Proxy.Waiting;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Refusals;

/// <summary>
/// The writer of refusals. A denied tool call gets a tool result, because with both official clients only that reaches
/// the model. Any other request gets a JSON-RPC error, and a notification gets no JSON-RPC at all.
/// </summary>
internal static class RefusalWriter
{
    /// <param name="call">The call.</param>
    /// <param name="refusal">The reason for the refusal.</param>
    /// <param name="limit">The limit without room, as the engine reports it; null for another reason.</param>
    /// <param name="costs">The costs to which <paramref name="limit"/> refers.</param>
    public static Task WriteAsync(
        CallContext call, Refusal refusal, LimitRefusal? limit, ImmutableArray<DecisionCost> costs)
    {
        if (refusal.IsMethodNotFound)
            return MethodNotFoundAsync(call, refusal);
        if (refusal.Rule == PolicyRuleNames.UnknownTask)
            return UnknownTaskAsync(call, refusal);
        if (refusal.Limit is { } counter && limit is not null)
        {
            RateLimitFields.Write(call.Http.Response.Headers, costs[limit.CostIndex], counter, call.NowMs);
        }

        var message = call.Message;
        var isOutage = refusal.Outcome == RefusalCategory.Unavailable;
        if (isOutage)
            call.Http.Response.Headers.RetryAfter = Seconds(refusal.RetryAfterMs);
        if (message.Kind != McpMessageKind.Request && isOutage)
            return PlainResponse.TextAsync(call.Http, StatusCodes.Status503ServiceUnavailable, refusal.Text);
        if (message.Kind != McpMessageKind.Request)
            return PlainResponse.TextAsync(call.Http, StatusCodes.Status403Forbidden, refusal.Text);

        return PlainResponse.JsonAsync(call.Http, StatusCodes.Status200OK, Message(call, refusal));
    }

    /// <summary>Returns the response to the call as one JSON-RPC message.</summary>
    public static byte[] Message(CallContext call, Refusal refusal)
    {
        var message = call.Message;
        if (refusal.TaskState is { } task)
            return ApprovalTasks.Message(message.Id.Span, task);
        if (refusal is { RequestState: { } state, ApprovalUrl: { } url })
            return UrlElicitation.Required(call, url, LinkQuestions.TextOf(call, refusal.Reason), state);
        if (refusal is { RequestState: { } asked, ConnectUrl: { } place })
            return UrlElicitation.Required(call, place, refusal.Reason, asked);
        if (refusal.ConnectUrl is { } link && UrlElicitation.IsErrorOf(call))
            return UrlElicitation.Error(call, link, refusal);
        var scratch = JsonScratch.Take();
        if (message.Method == McpMethods.ToolsCall)
            JsonRpcWriter.WriteToolDenial(
                scratch.Json, message.Id.Span, refusal.Text, refusal, RefusalJson.Write, call.Revision);
        else
            JsonRpcWriter.WriteError(
                scratch.Json, message.Id.Span, RefusalJson.ErrorCode(refusal.Outcome), refusal.Text, refusal,
                RefusalJson.Write);
        return scratch.ToArray();
    }

    /// <summary>
    /// Responds to a method that is not served to any grant (JSON-RPC 2.0, -32601; HTTP 404 from 2026-07-28 on).
    /// </summary>
    private static Task MethodNotFoundAsync(CallContext call, Refusal refusal)
    {
        if (call.Message.Kind != McpMessageKind.Request)
            return PlainResponse.TextAsync(call.Http, StatusCodes.Status404NotFound,
                "The gateway does not serve this method.");
        var status = call.Revision == McpRevision.Stateless ? StatusCodes.Status404NotFound : StatusCodes.Status200OK;
        return PlainResponse.FaultAsync(call.Http, new McpFault(status, McpErrorCodes.MethodNotFound,
            $"{call.Message.Method} is not served. {refusal.Text}", call.Message.Id));
    }

    /// <summary>Responds to the id of a task that the caller does not have (MCP, Tasks: -32602).</summary>
    private static Task UnknownTaskAsync(CallContext call, Refusal refusal) => PlainResponse.FaultAsync(
        call.Http, new McpFault(StatusCodes.Status200OK, McpErrorCodes.InvalidParams,
            $"{refusal.Reason}. {refusal.NextStep}", call.Message.Id));

    private static string Seconds(long? ms) =>
        Math.Max(1, ((ms ?? 0) + 999) / 1000).ToString(CultureInfo.InvariantCulture);
}
