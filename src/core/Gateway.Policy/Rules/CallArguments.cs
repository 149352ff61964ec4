using System.Collections.Frozen;
using Gateway.Policy.Json;
using Gateway.Policy.Text;

namespace Gateway.Policy.Rules;

/// <summary>Reads the arguments of a call, for rules that look into them.</summary>
internal static class CallArguments
{
    /// <summary>Shorter arguments are read whole, whatever the rules look into.</summary>
    public const int SmallBytes = 16 * 1024;

    private static readonly JsonNode None = JsonNode.OfObject(0, []);

    /// <param name="utf8">A JSON object; empty for none.</param>
    /// <param name="read">
    /// The members that a rule looks into; null for all. Of the others a large message keeps the name, and an empty
    /// value.
    /// </param>
    /// <returns>Null where they are no object, or one that two readers could understand differently.</returns>
    public static JsonNode? Read(ReadOnlyMemory<byte> utf8, FrozenSet<string>? read = null)
    {
        if (utf8.IsEmpty)
            return None;
        var node = JsonTreeReader.Read(
            utf8.Span, PolicyBounds.ArgumentsDepthMax, duplicates: null, out _,
            utf8.Length > SmallBytes ? read : null);
        return node is { Kind: JsonKind.Object } ? node : null;
    }
}
