using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Gateway.Policy.Json;

/// <summary>
/// One JSON value that knows where it stood. Numbers keep their text, so that nothing is ever rounded.
/// </summary>
internal sealed class JsonNode
{
    private const int LinearLookupMax = 8;
    private FrozenDictionary<string, JsonNode>? _byName;

    private JsonNode(JsonKind kind, int offset)
    {
        Kind = kind;
        Offset = offset;
    }

    public JsonKind Kind { get; }

    /// <summary>The byte at which the value begins.</summary>
    public int Offset { get; }

    /// <summary>The decoded string, or a number as written; empty for other kinds.</summary>
    public string Text { get; private init; } = "";

    public ImmutableArray<JsonNode> Items { get; private init; } = [];

    public ImmutableArray<JsonMember> Members { get; private init; } = [];

    public static JsonNode OfLiteral(JsonKind kind, int offset) => new(kind, offset);

    public static JsonNode OfText(JsonKind kind, int offset, string text) => new(kind, offset) { Text = text };

    public static JsonNode OfArray(int offset, ImmutableArray<JsonNode> items) =>
        new(JsonKind.Array, offset) { Items = items };

    public static JsonNode OfObject(int offset, ImmutableArray<JsonMember> members) =>
        new(JsonKind.Object, offset) { Members = members };

    /// <summary>The member of that exact name, or null; null too where this is no object.</summary>
    public JsonNode? Find(string name)
    {
        if (Members.Length <= LinearLookupMax)
        {
            foreach (var member in Members)
            {
                if (string.Equals(member.Name, name, StringComparison.Ordinal))
                    return member.Value;
            }

            return null;
        }

        _byName ??= Index(Members);
        return _byName.GetValueOrDefault(name);
    }

    // A document with a duplicate key is refused, but it is read to its end first: the last one wins until then.
    private static FrozenDictionary<string, JsonNode> Index(ImmutableArray<JsonMember> members)
    {
        var byName = new Dictionary<string, JsonNode>(members.Length, StringComparer.Ordinal);
        foreach (var member in members)
            byName[member.Name] = member.Value;
        return byName.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
