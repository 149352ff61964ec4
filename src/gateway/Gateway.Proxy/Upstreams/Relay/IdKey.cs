using System.Globalization;
using System.Text;
using System.Text.Json;
using Gateway.Mcp.Reading;

namespace Gateway.Proxy.Upstreams.Relay;

/// <summary>
/// The conversion of ids and progress tokens to keys: a program that reads <c>1.0</c> may respond to <c>1</c>, and
/// <c>"a"</c> may come back escaped.
/// </summary>
internal static class IdKey
{
    /// <summary>Returns the key, or null if the raw JSON is neither a string nor a number.</summary>
    public static string? Of(ReadOnlySpan<byte> raw)
    {
        if (raw.IsEmpty)
            return null;
        var reader = new Utf8JsonReader(raw);
        reader.Read();
        return reader.TokenType switch
        {
            // An invalid escape has no text, so such an id matches no request.
            JsonTokenType.String => JsonText.HasPlainEscapes(reader.ValueSpan) ? "s" + reader.GetString() : null,
            JsonTokenType.Number when reader.TryGetInt64(out var number) => Of(number),
            JsonTokenType.Number when reader.TryGetDecimal(out var number) && decimal.IsInteger(number) =>
                "n" + decimal.Truncate(number).ToString(CultureInfo.InvariantCulture),
            JsonTokenType.Number => "n" + Encoding.ASCII.GetString(raw),
            _ => null,
        };
    }

    public static string Of(long number) => string.Create(CultureInfo.InvariantCulture, $"n{number}");
}
