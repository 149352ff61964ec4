using System.Text.Json;

namespace Gateway.Mcp.Reading;

/// <summary>
/// Where a member's value stands in the body; <see cref="JsonTokenType.None"/> where the member is absent.
/// </summary>
public readonly record struct RawValue(JsonTokenType Type, int Start, int Length)
{
    /// <summary>Whether the member is there.</summary>
    public bool IsPresent => Type != JsonTokenType.None;

    /// <summary>The bytes of the value in the body that it was read from; empty where the member is absent.</summary>
    public ReadOnlyMemory<byte> Of(ReadOnlyMemory<byte> body) => IsPresent ? body.Slice(Start, Length) : default;

    /// <summary>The same value, once it is known where it ends: before the byte at <paramref name="end"/>.</summary>
    public RawValue EndingAt(int end) => this with { Length = end - Start };

    /// <summary>The unescaped text of a string value.</summary>
    public string TextOf(ReadOnlyMemory<byte> body)
    {
        var reader = new Utf8JsonReader(body.Span.Slice(Start, Length));
        reader.Read();
        return reader.GetString()!;
    }
}
