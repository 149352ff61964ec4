using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Gateway.Policy.Json;

/// <summary>
/// One JSON value with its position. Numbers keep their text, so that nothing is ever rounded. The node is as small as
/// possible, since arguments may contain millions of them.
/// </summary>
public sealed class JsonNode
{
    private const int LinearLookupMax = 8;

    // By kind: a string, the items, the members, or the members with an index of their names.
    private object? _value;

    private JsonNode(JsonKind kind, int offset, object? value)
    {
        Kind = kind;
        Offset = offset;
        _value = value;
    }

    /// <summary>The kind of the value.</summary>
    public JsonKind Kind { get; }

    /// <summary>The byte at which the value begins.</summary>
    public int Offset { get; }

    /// <summary>The decoded string, or a number as written; empty for other kinds.</summary>
    public string Text => _value as string ?? "";

    /// <summary>The elements of an array; empty for other kinds.</summary>
    public ImmutableArray<JsonNode> Items => _value is JsonNode[] items
        ? ImmutableCollectionsMarshal.AsImmutableArray(items)
        : [];

    /// <summary>The members of an object, as written; empty for other kinds.</summary>
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

    /// <summary>Creates an array of these texts that is not part of a document.</summary>
    public static JsonNode OfTexts(IEnumerable<string> texts) =>
        OfArray(0, [.. texts.Select(static text => OfText(JsonKind.String, 0, text))]);

    /// <summary>Creates an object that begins at a byte of the document.</summary>
    public static JsonNode OfObject(int offset, ImmutableArray<JsonMember> members) =>
        new(JsonKind.Object, offset, ImmutableCollectionsMarshal.AsArray(members));

    /// <summary>Returns the member with exactly that name, or null; also null if the value is not an object.</summary>
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

        // A document with a duplicate key is refused, but read to its end first. Until then the last one wins.
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

/// <summary>One member of an object; <c>NameOffset</c> is the byte position of its name's opening quote.</summary>
public readonly record struct JsonMember(string Name, int NameOffset, JsonNode Value);

/// <summary>The kind of a JSON value.</summary>
public enum JsonKind
{
    /// <summary>The literal <c>null</c>.</summary>
    Null,
    /// <summary>The literal <c>false</c>.</summary>
    False,
    /// <summary>The literal <c>true</c>.</summary>
    True,
    /// <summary>A number, kept as it was written.</summary>
    Number,
    /// <summary>A string.</summary>
    String,
    /// <summary>An array.</summary>
    Array,
    /// <summary>An object.</summary>
    Object,
}
