using Gateway.Policy.Json;

namespace Gateway.Policy.Rules;

/// <summary>Reads the arguments of a call, for rules that look into them.</summary>
internal static class CallArguments
{
    private static readonly JsonNode None = JsonNode.OfObject(0, []);

    /// <summary>Null where they are no object, or one that two readers could understand differently.</summary>
    public static JsonNode? Read(ReadOnlyMemory<byte> utf8)
    {
        if (utf8.IsEmpty)
            return None;
        var node = JsonTreeReader.Read(utf8.Span, PolicyBounds.ArgumentsDepthMax, duplicates: null, out _);
        return node is { Kind: JsonKind.Object } ? node : null;
    }
}
