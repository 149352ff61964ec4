using System.Text.Json;

namespace Gateway.Mcp.Reading;

/// <summary>
/// The position of a member's value in the body; <see cref="JsonTokenType.None"/> if the member is absent.
/// </summary>
public readonly record struct RawValue(JsonTokenType Type, int Start, int Length)
{
    /// <summary>True if the member is present.</summary>
    public bool IsPresent => Type != JsonTokenType.None;

    /// <summary>
    /// Returns the bytes of the value in the body that it was read from; empty if the member is absent.
    /// </summary>
    public ReadOnlyMemory<byte> Of(ReadOnlyMemory<byte> body) => IsPresent ? body.Slice(Start, Length) : default;

    /// <summary>Returns the value with its end set to before the byte at <paramref name="end"/>.</summary>
    public RawValue EndingAt(int end) => this with { Length = end - Start };

    /// <summary>Returns the unescaped text of a string value.</summary>
    public string TextOf(ReadOnlyMemory<byte> body)
    {
        var reader = new Utf8JsonReader(body.Span.Slice(Start, Length));
        reader.Read();
        return reader.GetString()!;
    }
}
