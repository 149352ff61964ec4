using System.Text;
using System.Text.Json;
using Gateway.Control.Virtual;
using Gateway.Mcp.Writing;
using Gateway.Mcp;

namespace Gateway.Proxy.Tools;

/// <summary>
/// The message rebuilt from a call of a virtual tool, with the server's own tool name, the agent's arguments byte for
/// byte, and the arguments that the operator set. If the agent sent one of the latter, it stays in place and is refused
/// by the evaluation.
/// </summary>
internal static class RebuiltCall
{
    public static byte[] Of(McpMessage message, VirtualTool tool)
    {
        var added = Added(message.Arguments.Span, tool);
        var name = RawJson.Text(tool.Tool);
        var body = message.Body.Span;
        var ofName = RawJson.Find(body, "params", "name")!.Value;
        if (RawJson.Find(body, "params", "arguments") is not { } ofArguments)
            return RawJson.Replace(body, ofName, [.. name, .. ",\"arguments\":{"u8, .. added, (byte)'}']);
        // "arguments": null counts as absent.
        byte[] arguments = message.Arguments.IsEmpty
            ? [(byte)'{', .. added, (byte)'}']
            : With(body[ofArguments], added);
        // Replace from the end, so that earlier positions stay valid.
        return ofName.Start.Value < ofArguments.Start.Value
            ? RawJson.Replace(RawJson.Replace(body, ofArguments, arguments), ofName, name)
            : RawJson.Replace(RawJson.Replace(body, ofName, name), ofArguments, arguments);
    }

    private static byte[] Added(ReadOnlySpan<byte> arguments, VirtualTool tool)
    {
        var given = Names(arguments);
        var members = tool.Fixed.Concat(tool.Defaults).Where(one => !given.Contains(one.Key))
            .Select(static one => $"{Encoding.UTF8.GetString(RawJson.Text(one.Key))}:{one.Value}");
        return Encoding.UTF8.GetBytes(string.Join(',', members));
    }

    private static HashSet<string> Names(ReadOnlySpan<byte> arguments)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        if (arguments.IsEmpty)
            return names;
        var reader = new Utf8JsonReader(arguments, new JsonReaderOptions { MaxDepth = 256 });
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            names.Add(reader.GetString()!);
            reader.Read();
            reader.Skip();
        }

        return names;
    }

    private static byte[] With(ReadOnlySpan<byte> arguments, byte[] added)
    {
        if (added.Length == 0)
            return arguments.ToArray();
        var isEmpty = Names(arguments).Count == 0;
        return [.. arguments[..^1], .. isEmpty ? ""u8 : ","u8, .. added, (byte)'}'];
    }
}
