using System.Text.Json;

namespace Gateway.Mcp.Reading;

/// <summary>
/// Where a member's value stands in the body; <see cref="JsonTokenType.None"/> where the member is absent.
/// </summary>
public readonly record struct RawValue(JsonTokenType Type, int Start, int Length)
{
    public bool IsPresent => Type != JsonTokenType.None;

    public ReadOnlyMemory<byte> Of(ReadOnlyMemory<byte> body) => IsPresent ? body.Slice(Start, Length) : default;

    public RawValue EndingAt(int end) => this with { Length = end - Start };

    /// <summary>The unescaped text of a string value.</summary>
    public string TextOf(ReadOnlyMemory<byte> body)
    {
        var reader = new Utf8JsonReader(body.Span.Slice(Start, Length));
        reader.Read();
        return reader.GetString()!;
    }
}
