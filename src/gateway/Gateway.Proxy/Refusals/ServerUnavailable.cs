using Gateway.Mcp;
using Gateway.Mcp.Protocol;
using Gateway.Mcp.Writing;
using Gateway.Proxy.Edge.Listeners;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Refusals;

/// <summary>
/// The response for one unavailable server of several. The model has to know which server it is, so a tool call gets a
/// result that names it; with both official clients, an HTTP error would not reach the model.
/// </summary>
internal static class ServerUnavailable
{
    /// <summary>The member of <c>_meta</c> that names the omitted servers.</summary>
    public const string Member = "policy-gateway/unavailable";

    public static Task WriteAsync(
        HttpContext http, McpMessage message, McpRevision revision, string server, int status, string text)
    {
        if (message.Kind != McpMessageKind.Request)
            return PlainResponse.TextAsync(http, status, text);
        if (message.Method != McpMethods.ToolsCall)
        {
            return PlainResponse.FaultAsync(
                http, new McpFault(status, McpErrorCodes.InternalError, text, message.Id));
        }

        var scratch = JsonScratch.Take();
        var json = scratch.Json;
        JsonRpcWriter.BeginToolError(json, message.Id.Span, text, revision);
        json.WriteStartArray(Member);
        json.WriteStartObject();
        json.WriteString("server"u8, server);
        json.WriteString("reason"u8, text);
        json.WriteEndObject();
        json.WriteEndArray();
        JsonRpcWriter.EndToolError(json);
        return PlainResponse.JsonAsync(http, StatusCodes.Status200OK, scratch.ToArray());
    }
}
