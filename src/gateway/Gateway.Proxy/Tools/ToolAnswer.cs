using System.Text.Json;
using Gateway.Mcp;
using Gateway.Mcp.Protocol;
using Gateway.Mcp.Writing;
using Gateway.Proxy.Edge.Listeners;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Tools;

/// <summary>The writer of the responses of the gateway's own tools.</summary>
internal static class ToolAnswer
{
    /// <summary>
    /// Writes the tool list of a grant whose tools are found by search; empty if it may call nothing.
    /// </summary>
    public static Task ListAsync(
        HttpContext http, McpMessage message, McpRevision revision, bool isEmpty, int resultsMax) =>
        ResultAsync(http, message, revision, json =>
        {
            if (isEmpty)
            {
                json.WriteStartArray("tools"u8);
                json.WriteEndArray();
            }
            else
                MetaTools.Write(json, resultsMax);
            if (revision != McpRevision.Stateless)
                return;
            json.WriteNumber("ttlMs"u8, 0);
            json.WriteString("cacheScope"u8, "private"u8);
        });

    /// <summary>Writes a text result for the model.</summary>
    public static Task TextAsync(HttpContext http, McpMessage message, McpRevision revision, string text) =>
        ResultAsync(http, message, revision, json =>
        {
            json.WriteStartArray("content"u8);
            json.WriteStartObject();
            json.WriteString("type"u8, "text"u8);
            json.WriteString("text"u8, text);
            json.WriteEndObject();
            json.WriteEndArray();
        });

    /// <summary>Writes a failed call with the reason.</summary>
    public static Task ErrorAsync(HttpContext http, McpMessage message, McpRevision revision, string text)
    {
        var scratch = JsonScratch.Take();
        JsonRpcWriter.BeginToolError(scratch.Json, message.Id.Span, text, revision);
        JsonRpcWriter.EndToolError(scratch.Json);
        return PlainResponse.JsonAsync(http, StatusCodes.Status200OK, scratch.ToArray());
    }

    private static Task ResultAsync(
        HttpContext http, McpMessage message, McpRevision revision, Action<Utf8JsonWriter> members)
    {
        var scratch = JsonScratch.Take();
        var json = scratch.Json;
        JsonRpcWriter.BeginResult(json, message.Id.Span, revision);
        members(json);
        JsonRpcWriter.End(json);
        return PlainResponse.JsonAsync(http, StatusCodes.Status200OK, scratch.ToArray());
    }
}
