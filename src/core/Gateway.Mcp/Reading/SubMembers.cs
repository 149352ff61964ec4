using System.Text.Json;

namespace Gateway.Mcp.Reading;

/// <summary>The significant members of a small object inside <c>params</c> that was scanned already.</summary>
public readonly ref struct SubMembers
{
    private readonly ReadOnlyMemory<byte> _json;
    private readonly Span<RawValue> _values;

    /// <summary>Reads the members of an object.</summary>
    /// <param name="json">The object, which must be well-formed.</param>
    /// <param name="table">The members to look for.</param>
    /// <param name="values">Storage for the values, which the result keeps.</param>
    public SubMembers(ReadOnlyMemory<byte> json, MemberTable table, Span<RawValue> values)
    {
        _json = json;
        _values = values;
        _values.Clear();

        var reader = new Utf8JsonReader(json.Span, new JsonReaderOptions { MaxDepth = int.MaxValue });
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var member = Find(ref reader, table, out var variant);
            if (variant >= 0)
                Variant = table.NameAt(variant);

            reader.Read();
            var (type, start) = (reader.TokenType, (int)reader.TokenStartIndex);
            reader.Skip();
            if (member >= 0)
                _values[member] = new RawValue(type, start, (int)reader.BytesConsumed - start);
        }
    }

    /// <summary>The significant members of <c>params._meta</c>.</summary>
    public static MemberTable Meta { get; } =
        new("io.modelcontextprotocol/protocolVersion", "progressToken", "io.modelcontextprotocol/clientCapabilities");

    /// <summary>The significant members of the <c>ref</c> of <c>completion/complete</c>.</summary>
    public static MemberTable Reference { get; } = new("type", "name", "uri");

    /// <summary>The significant members of the <c>notifications</c> of <c>subscriptions/listen</c>.</summary>
    public static MemberTable Notifications { get; } = new("resourceSubscriptions", "taskIds");

    /// <summary>A member that is present in another case; null if there is none.</summary>
    public string? Variant { get; }

    /// <summary>The bytes of a member, by its index in the table; empty if it is absent.</summary>
    public ReadOnlyMemory<byte> this[int member] => _values[member].Of(_json);

    /// <summary>Returns the type of a member's value; <see cref="JsonTokenType.None"/> if it is absent.</summary>
    public JsonTokenType Type(int member) => _values[member].Type;

    /// <summary>Returns the unescaped text of a member that is a string.</summary>
    public string Text(int member) => _values[member].TextOf(_json);

    private static int Find(ref Utf8JsonReader reader, MemberTable table, out int variant)
    {
        variant = -1;
        var name = reader.ValueIsEscaped ? System.Text.Encoding.UTF8.GetBytes(reader.GetString()!) : reader.ValueSpan;
        var member = table.Find(name);
        if (member < 0)
            variant = table.FindVariant(name);
        return member;
    }
}
