using System.Collections.Frozen;
using Gateway.Policy.Json;
using Gateway.Policy.Text;

namespace Gateway.Policy.Rules;

/// <summary>Parses the arguments of a call for the rules that read them.</summary>
internal static class CallArguments
{
    /// <summary>Shorter arguments are parsed completely, whatever the rules read.</summary>
    public const int SmallBytes = 16 * 1024;

    private static readonly JsonNode None = JsonNode.OfObject(0, []);

    /// <param name="utf8">A JSON object; empty for none.</param>
    /// <param name="read">
    /// The members that a rule reads; null for all. Of other members, a large message keeps only the name, with an
    /// empty value.
    /// </param>
    /// <returns>Null if the arguments are not an object, or if two readers could interpret them differently.</returns>
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
