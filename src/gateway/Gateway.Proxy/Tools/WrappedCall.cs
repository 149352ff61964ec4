using Gateway.Mcp.Writing;
using System.Text.Json;
using Gateway.Mcp;

namespace Gateway.Proxy.Tools;

/// <summary>
/// The call inside a call of <c>call_tool</c>, unwrapped byte by byte. The result is the message of a direct call,
/// which is parsed, evaluated and sent as such.
/// </summary>
internal static class WrappedCall
{
    private const string HowTo =
        "call_tool takes \"name\", a string, and \"arguments\", an object, and nothing else. Nothing was called.";

    /// <summary>Returns the message of the direct call, or null and the problem if there is none.</summary>
    public static byte[]? Unwrap(McpMessage message, out string? problem)
    {
        problem = HowTo;
        var body = message.Body.Span;
        if (message.Arguments.IsEmpty)
            return null;
        ReadOnlySpan<byte> name = default;
        ReadOnlySpan<byte> arguments = "{}"u8;
        var outer = message.Arguments.Span;
        var reader = new Utf8JsonReader(outer, new JsonReaderOptions { MaxDepth = 256 });
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isName = reader.ValueTextEquals("name"u8);
            if (!isName && !reader.ValueTextEquals("arguments"u8))
                return null;
            reader.Read();
            if (!isName && reader.TokenType == JsonTokenType.Null)
                continue;
            if (reader.TokenType != (isName ? JsonTokenType.String : JsonTokenType.StartObject))
                return null;
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            var value = outer[start..(int)reader.BytesConsumed];
            if (isName)
                name = value;
            else
                arguments = value;
        }

        if (name.IsEmpty)
            return null;
        problem = null;
        return Rebuilt(message, body, name, arguments);
    }

    private static byte[] Rebuilt(
        McpMessage message, ReadOnlySpan<byte> body, ReadOnlySpan<byte> name, ReadOnlySpan<byte> arguments)
    {
        var ofName = RawJson.Find(body, "params", "name")!.Value;
        var ofArguments = RawJson.Find(body, "params", "arguments")!.Value;
        // Replace from the end, so that earlier positions stay valid.
        return ofName.Start.Value < ofArguments.Start.Value
            ? RawJson.Replace(RawJson.Replace(body, ofArguments, arguments), ofName, name)
            : RawJson.Replace(RawJson.Replace(body, ofName, name), ofArguments, arguments);
    }
}
