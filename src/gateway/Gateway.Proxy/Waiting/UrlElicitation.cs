using Gateway.Mcp;
using Gateway.Mcp.Headers;
using Gateway.Mcp.Protocol;
using Gateway.Mcp.Writing;
using Gateway.Proxy.Calls;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Waiting;

/// <summary>
/// URL-mode elicitation: a client that declared it shows its person a link. 2025-11-25 has it as a request in the
/// call's stream with a notification of its end; from 2026-07-28 the call is answered <c>input_required</c> and comes
/// again. Source: the revisions' chapters "Elicitation" and "Multi Round-Trip Requests".
/// </summary>
internal static class UrlElicitation
{
    /// <summary>The one input that a call is asked for.</summary>
    public const string InputName = "approval";

    private const string Capabilities = "io.modelcontextprotocol/clientCapabilities";
    private const string RequestIdStart = "policy-gateway.approval.";

    /// <summary>Whether the client of a message from 2026-07-28 on, which says so each time, opens links.</summary>
    public static bool IsDeclaredBy(McpMessage message) => message.Method is McpMethods.ToolsCall
        or McpMethods.PromptsGet or McpMethods.ResourcesRead
        && IsObject(message.Body, "params", "_meta", Capabilities, "elicitation", "url");

    /// <summary>Whether the client of a session, which it begins with this message, opens links.</summary>
    public static bool IsDeclaredIn(McpMessage initialize) => initialize.Method == McpMethods.Initialize
        && IsObject(initialize.Body, "params", "capabilities", "elicitation", "url");

    /// <summary>The same, of <c>params</c> alone.</summary>
    public static bool IsDeclaredIn(ReadOnlyMemory<byte> parameters) =>
        !parameters.IsEmpty && IsObject(parameters, "capabilities", "elicitation", "url");

    /// <summary>Whether a call's stream may carry the request; other revisions do not know it.</summary>
    public static bool IsOfRevision(HttpContext http) =>
        http.Request.Headers[McpHeaders.ProtocolVersion] == McpVersions.UrlElicitation;

    /// <summary>The request in the stream of a call.</summary>
    /// <param name="id">What tells it from others of the session.</param>
    /// <param name="url">The link.</param>
    /// <param name="text">What the person reads.</param>
    public static ReadOnlyMemory<byte> Request(string id, string url, string text)
    {
        var scratch = JsonScratch.Take();
        JsonRpcWriter.BeginMessage(scratch.Json, McpMethods.ElicitationCreate, RequestIdStart + id);
        scratch.Json.WriteString("mode"u8, "url"u8);
        scratch.Json.WriteString("elicitationId"u8, id);
        scratch.Json.WriteString("url"u8, url);
        scratch.Json.WriteString("message"u8, text);
        JsonRpcWriter.End(scratch.Json);
        return scratch.ToArray();
    }

    /// <summary>Says in the stream of a call that a person has decided.</summary>
    public static ReadOnlyMemory<byte> Completed(string id)
    {
        var scratch = JsonScratch.Take();
        JsonRpcWriter.BeginMessage(scratch.Json, McpMethods.ElicitationComplete);
        scratch.Json.WriteString("elicitationId"u8, id);
        JsonRpcWriter.End(scratch.Json);
        return scratch.ToArray();
    }

    /// <summary>Whether it is the client's answer to a request of the gateway's own; it goes to no server.</summary>
    public static bool IsAnswer(McpMessage message) => message.Kind == McpMessageKind.Response
        && message.Id.Span is [(byte)'"', .. var id] && id.StartsWith("policy-gateway.approval."u8);

    /// <summary>The answer that has the call come again, from 2026-07-28 on.</summary>
    /// <param name="call">The call.</param>
    /// <param name="url">The link.</param>
    /// <param name="text">What the person reads.</param>
    /// <param name="requestState">What the client brings back.</param>
    public static byte[] Required(CallContext call, string url, string text, string requestState)
    {
        var scratch = JsonScratch.Take();
        var json = scratch.Json;
        JsonRpcWriter.BeginResult(json, call.Message.Id.Span, call.Era, isComplete: false);
        json.WriteStartObject("inputRequests"u8);
        json.WriteStartObject(InputName);
        json.WriteString("method"u8, McpMethods.ElicitationCreate);
        json.WriteStartObject("params"u8);
        json.WriteString("mode"u8, "url"u8);
        json.WriteString("url"u8, url);
        json.WriteString("message"u8, text);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteString("requestState"u8, requestState);
        JsonRpcWriter.End(json);
        return scratch.ToArray();
    }

    private static bool IsObject(ReadOnlyMemory<byte> json, params ReadOnlySpan<string> path) =>
        RawJson.Find(json.Span, path) is { } place && json.Span[place] is [(byte)'{', ..];
}
