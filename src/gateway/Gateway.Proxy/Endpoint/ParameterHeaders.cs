using System.Text.Json;
using Gateway.Mcp.Headers;
using Gateway.Mcp.Protocol;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Endpoint;

/// <summary>
/// The headers that repeat arguments where a tool's definition requires it (<c>x-mcp-header</c>, from 2026-07-28), for
/// a call that was rebuilt. Its client saw another definition and may have repeated other arguments or none.
/// </summary>
internal static class ParameterHeaders
{
    private const string Marker = "x-mcp-header";
    private const int HeadersMax = 32;
    private const int DepthMax = 256;

    /// <summary>Replaces the headers that arrived with those of the call as it is sent.</summary>
    public static void Set(
        IHeaderDictionary headers, McpRevision revision, string? definition, ReadOnlyMemory<byte> arguments)
    {
        foreach (var name in headers.Keys
            .Where(static name => name.StartsWith(McpHeaders.ParamPrefix, StringComparison.OrdinalIgnoreCase)).ToList())
            headers.Remove(name);
        if (revision != McpRevision.Stateless || arguments.IsEmpty
            || definition?.Contains(Marker, StringComparison.Ordinal) != true)
            return;
        try
        {
            var options = new JsonDocumentOptions { MaxDepth = DepthMax };
            using var tool = JsonDocument.Parse(definition, options);
            using var given = JsonDocument.Parse(arguments, options);
            if (tool.RootElement.TryGetProperty("inputSchema", out var schema)
                && schema.TryGetProperty("properties", out var properties))
                Set(headers, properties, given.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // A definition that cannot be parsed requires no headers.
        }
    }

    private static void Set(IHeaderDictionary headers, JsonElement properties, JsonElement given)
    {
        foreach (var property in properties.EnumerateObject().Take(HeadersMax))
        {
            if (property.Value.ValueKind == JsonValueKind.Object
                && property.Value.TryGetProperty(Marker, out var header) && header.GetString() is { Length: > 0 } name
                && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
                && given.TryGetProperty(property.Name, out var value) && Written(value) is { } text)
                headers[McpHeaders.ParamPrefix + name] = HeaderValueCodec.Encode(text);
        }
    }

    private static string? Written(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        _ => null,
    };
}
