using System.Text.Json;
using Gateway.Audit.Records;
using Gateway.Mcp;
using Gateway.Mcp.Headers;
using Gateway.Mcp.Protocol;
using Gateway.Mcp.Writing;
using Gateway.Proxy.Calls;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Waiting;

/// <summary>
/// URL-mode elicitation: a client that declared it shows its user a link. In 2025-11-25 it is a request in the call's
/// stream, with a notification when it completes. From 2026-07-28 on, the response to the call is <c>input_required</c>
/// and the client retries. Source: the chapters "Elicitation" and "Multi Round-Trip Requests" of the revisions.
/// </summary>
internal static class UrlElicitation
{
    /// <summary>The name of the one input that the gateway requests.</summary>
    public const string InputName = "approval";

    private const string Capabilities = "io.modelcontextprotocol/clientCapabilities";
    private const string RequestIdStart = "policy-gateway.approval.";

    /// <summary>
    /// Returns true if the client of a message opens links. From 2026-07-28 on, each message declares it.
    /// </summary>
    public static bool IsDeclaredBy(McpMessage message) => message.Method is McpMethods.ToolsCall
        or McpMethods.PromptsGet or McpMethods.ResourcesRead
        && AreOpenedBy(message);

    /// <summary>Returns true if the client that sent any message of 2026-07-28 or later opens links.</summary>
    public static bool AreOpenedBy(McpMessage message) =>
        IsObject(message.Body, "params", "_meta", Capabilities, "elicitation", "url");

    /// <summary>Returns true if the client of the session that this message begins opens links.</summary>
    public static bool IsDeclaredIn(McpMessage initialize) => initialize.Method == McpMethods.Initialize
        && IsObject(initialize.Body, "params", "capabilities", "elicitation", "url");

    /// <summary>Returns true if these <c>params</c> of <c>initialize</c> declare that the client opens links.</summary>
    public static bool IsDeclaredIn(ReadOnlyMemory<byte> parameters) =>
        !parameters.IsEmpty && IsObject(parameters, "capabilities", "elicitation", "url");

    /// <summary>Returns true if a call's stream may carry the request; other revisions do not define it.</summary>
    public static bool IsOfRevision(HttpContext http) =>
        http.Request.Headers[McpHeaders.ProtocolVersion] == McpVersions.UrlElicitation;

    /// <summary>Returns the elicitation request for the stream of a call.</summary>
    /// <param name="id">The id that is unique within the session.</param>
    /// <param name="url">The link.</param>
    /// <param name="text">The text that the user reads.</param>
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

    /// <summary>Returns the notification for the stream of a call that a person has decided.</summary>
    public static ReadOnlyMemory<byte> Completed(string id)
    {
        var scratch = JsonScratch.Take();
        JsonRpcWriter.BeginMessage(scratch.Json, McpMethods.ElicitationComplete);
        scratch.Json.WriteString("elicitationId"u8, id);
        JsonRpcWriter.End(scratch.Json);
        return scratch.ToArray();
    }

    /// <summary>
    /// Returns true if it is the client's response to a request of the gateway's own; it is sent to no server.
    /// </summary>
    public static bool IsAnswer(McpMessage message) => message.Kind == McpMessageKind.Response
        && message.Id.Span is [(byte)'"', .. var id] && id.StartsWith("policy-gateway.approval."u8);

    /// <summary>
    /// Returns the <c>input_required</c> response, after which the client retries the call, from 2026-07-28 on.
    /// </summary>
    /// <param name="call">The call.</param>
    /// <param name="url">The link.</param>
    /// <param name="text">The text that the user reads.</param>
    /// <param name="requestState">The state that the client sends back.</param>
    public static byte[] Required(CallContext call, string url, string text, string requestState)
    {
        var scratch = JsonScratch.Take();
        var json = scratch.Json;
        JsonRpcWriter.BeginResult(json, call.Message.Id.Span, call.Revision, isComplete: false);
        WriteInput(json, url, text);
        json.WriteString("requestState"u8, requestState);
        JsonRpcWriter.End(json);
        return scratch.ToArray();
    }

    /// <summary>Writes the one input that the gateway requests.</summary>
    /// <param name="json">Receives the member <c>inputRequests</c>.</param>
    /// <param name="url">The link.</param>
    /// <param name="text">The text that the user reads.</param>
    public static void WriteInput(Utf8JsonWriter json, string url, string text)
    {
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
    }

    /// <summary>
    /// Returns true if the client understands the error that a link must be opened first (2025-11-25, Elicitation).
    /// </summary>
    public static bool IsErrorOf(CallContext call) => call.Revision == McpRevision.Legacy
        && ((call.Session.OpensUrls && IsOfRevision(call.Http))
            || (IsDeclaredIn(call.Message) && call.RequestedRevision == McpVersions.UrlElicitation));

    /// <summary>Returns the error that a link must be opened before the request is repeated.</summary>
    public static byte[] Error(CallContext call, string url, Refusal refusal)
    {
        var scratch = JsonScratch.Take();
        JsonRpcWriter.WriteError(
            scratch.Json, call.Message.Id.Span, McpErrorCodes.UrlElicitationRequired, refusal.Text,
            (Id: call.IdText, Url: url, refusal.Reason), static (json, link) =>
            {
                json.WriteStartObject();
                json.WriteStartArray("elicitations"u8);
                json.WriteStartObject();
                json.WriteString("mode"u8, "url"u8);
                json.WriteString("elicitationId"u8, link.Id);
                json.WriteString("url"u8, link.Url);
                json.WriteString("message"u8, link.Reason);
                json.WriteEndObject();
                json.WriteEndArray();
                json.WriteEndObject();
            });
        return scratch.ToArray();
    }

    private static bool IsObject(ReadOnlyMemory<byte> json, params ReadOnlySpan<string> path) =>
        RawJson.Find(json.Span, path) is { } place && json.Span[place] is [(byte)'{', ..];
}
