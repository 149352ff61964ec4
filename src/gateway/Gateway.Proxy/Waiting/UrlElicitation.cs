using System.Buffers;
using System.Text.Json;
using Gateway.Mcp;
using Gateway.Mcp.Headers;
using Gateway.Mcp.Protocol;
using Gateway.Mcp.Writing;
using Gateway.Proxy.Aggregation.Raw;
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
    /// <param name="call">The call; its id makes the request's.</param>
    /// <param name="url">The link.</param>
    /// <param name="text">What the person reads.</param>
    public static ReadOnlyMemory<byte> Request(CallContext call, string url, string text) => Write(json =>
    {
        json.WriteString("id", RequestIdStart + call.IdText);
        json.WriteString("method", McpMethods.ElicitationCreate);
        json.WriteStartObject("params");
        json.WriteString("mode", "url");
        json.WriteString("elicitationId", call.IdText);
        json.WriteString("url", url);
        json.WriteString("message", text);
        json.WriteEndObject();
    });

    /// <summary>Says in the stream of a call that a person has decided.</summary>
    public static ReadOnlyMemory<byte> Completed(CallContext call) => Write(json =>
    {
        json.WriteString("method", McpMethods.ElicitationComplete);
        json.WriteStartObject("params");
        json.WriteString("elicitationId", call.IdText);
        json.WriteEndObject();
    });

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
        json.WriteStartObject();
        json.WriteString("jsonrpc"u8, "2.0"u8);
        json.WritePropertyName("id"u8);
        json.WriteRawValue(call.Message.Id.Span, skipInputValidation: true);
        json.WriteStartObject("result"u8);
        json.WriteString("resultType"u8, "input_required"u8);
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
        json.WriteEndObject();
        json.WriteEndObject();
        return scratch.ToArray();
    }

    private static bool IsObject(ReadOnlyMemory<byte> json, params ReadOnlySpan<string> path) =>
        RawJson.Find(json.Span, path) is { } place && json.Span[place] is [(byte)'{', ..];

    private static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("jsonrpc", "2.0");
            members(json);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}
