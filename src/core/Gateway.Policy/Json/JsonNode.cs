using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Gateway.Policy.Json;

/// <summary>
/// One JSON value that knows where it stood. Numbers keep their text, so that nothing is ever rounded. It is as small
/// as can be, since arguments may hold millions of them.
/// </summary>
public sealed class JsonNode
{
    private const int LinearLookupMax = 8;

    // A string, the items, the members, or the members with an index of their names: by kind.
    private object? _value;

    private JsonNode(JsonKind kind, int offset, object? value)
    {
        Kind = kind;
        Offset = offset;
        _value = value;
    }

    /// <summary>What the value is.</summary>
    public JsonKind Kind { get; }

    /// <summary>The byte at which the value begins.</summary>
    public int Offset { get; }

    /// <summary>The decoded string, or a number as written; empty for other kinds.</summary>
    public string Text => _value as string ?? "";

    /// <summary>The elements of an array; none for other kinds.</summary>
    public ImmutableArray<JsonNode> Items => _value is JsonNode[] items
        ? ImmutableCollectionsMarshal.AsImmutableArray(items)
        : [];

    /// <summary>The members of an object, as they were written; none for other kinds.</summary>
    public ImmutableArray<JsonMember> Members => _value switch
    {
        JsonMember[] members => ImmutableCollectionsMarshal.AsImmutableArray(members),
        MemberIndex index => index.Members,
        _ => [],
    };

    internal static JsonNode OfLiteral(JsonKind kind, int offset) => new(kind, offset, null);

    internal static JsonNode OfText(JsonKind kind, int offset, string text) => new(kind, offset, text);

    internal static JsonNode OfArray(int offset, ImmutableArray<JsonNode> items) =>
        new(JsonKind.Array, offset, ImmutableCollectionsMarshal.AsArray(items));

    /// <summary>An array of these texts, that stands in no document.</summary>
    public static JsonNode OfTexts(IEnumerable<string> texts) =>
        OfArray(0, [.. texts.Select(static text => OfText(JsonKind.String, 0, text))]);

    /// <summary>An object that begins at a byte of the document.</summary>
    public static JsonNode OfObject(int offset, ImmutableArray<JsonMember> members) =>
        new(JsonKind.Object, offset, ImmutableCollectionsMarshal.AsArray(members));

    /// <summary>The member of that exact name, or null; null too where this is no object.</summary>
    public JsonNode? Find(string name)
    {
        if (_value is MemberIndex known)
            return known.Find(name);
        if (_value is not JsonMember[] members)
            return null;
        if (members.Length > LinearLookupMax)
        {
            var index = new MemberIndex(ImmutableCollectionsMarshal.AsImmutableArray(members));
            _value = index;
            return index.Find(name);
        }

        foreach (var member in members)
        {
            if (string.Equals(member.Name, name, StringComparison.Ordinal))
                return member.Value;
        }

        return null;
    }

    private sealed class MemberIndex
    {
        private readonly Dictionary<string, JsonNode> _byName;

        // A document with a duplicate key is refused, but it is read to its end first: the last one wins until then.
        public MemberIndex(ImmutableArray<JsonMember> members)
        {
            Members = members;
            _byName = new Dictionary<string, JsonNode>(members.Length, StringComparer.Ordinal);
            foreach (var member in members)
                _byName[member.Name] = member.Value;
        }

        public ImmutableArray<JsonMember> Members { get; }

        public JsonNode? Find(string name) => _byName.GetValueOrDefault(name);
    }
}
