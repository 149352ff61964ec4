using System.Buffers.Text;
using System.Text;

namespace Gateway.Mcp.Reading;

/// <summary>Tests on raw JSON tokens that <see cref="System.Text.Json.Utf8JsonReader"/> does not perform.</summary>
public static class JsonText
{
    private const int SafeDigits = 300;

    /// <summary>
    /// Returns true if the escapes of a string denote only characters that all readers agree on: no unpaired surrogate
    /// (kept, replaced or refused, by language) and no NUL (which ends the text in some).
    /// </summary>
    public static bool HasPlainEscapes(ReadOnlySpan<byte> raw)
    {
        while (true)
        {
            var backslash = raw.IndexOf((byte)'\\');
            if (backslash < 0)
                return true;

            if (raw[backslash + 1] != (byte)'u')
            {
                raw = raw[(backslash + 2)..];
                continue;
            }

            var unit = UnitAt(raw[backslash..]);
            raw = raw[(backslash + 6)..];
            if (unit == 0 || char.IsLowSurrogate((char)unit))
                return false;
            if (!char.IsHighSurrogate((char)unit))
                continue;
            if (raw.Length < 6 || !raw.StartsWith("\\u"u8) || !char.IsLowSurrogate((char)UnitAt(raw)))
                return false;
            raw = raw[6..];
        }
    }

    /// <summary>
    /// Returns true if a double can represent a number's magnitude: not infinite and, unless the number is zero, not
    /// zero.
    /// </summary>
    public static bool IsInRange(ReadOnlySpan<byte> number)
    {
        if (number.Length < SafeDigits && number.IndexOfAny((byte)'e', (byte)'E') < 0)
            return true;
        if (!Utf8Parser.TryParse(number, out double value, out var used) || used != number.Length)
            return false;
        return double.IsFinite(value) && (value != 0 || !HasNonZeroDigit(number));
    }

    /// <summary>
    /// Returns true if a case-insensitive reader would take a key for a known ASCII name, by any of the case folds in
    /// use: ASCII's, and the four letters beyond it (ſ, K, İ, ı) that some languages fold to s, k and i.
    /// </summary>
    public static bool EqualsFolded(ReadOnlySpan<byte> key, ReadOnlySpan<byte> name)
    {
        if (key.Length < name.Length || key.Length > name.Length * 3)
            return false;

        var at = 0;
        foreach (var expected in name)
        {
            if (Rune.DecodeFromUtf8(key[at..], out var rune, out var used) != System.Buffers.OperationStatus.Done)
                return false;
            if (Fold(rune.Value) != Fold(expected))
                return false;
            at += used;
        }

        return at == key.Length;
    }

    private static int Fold(int rune) => rune switch
    {
        >= 'A' and <= 'Z' => rune | 0x20,
        0x017F => 's',
        0x212A => 'k',
        0x0130 or 0x0131 => 'i',
        _ => rune,
    };

    private static int UnitAt(ReadOnlySpan<byte> escape) =>
        Utf8Parser.TryParse(escape.Slice(2, 4), out int unit, out _, 'x') ? unit : 0;

    private static bool HasNonZeroDigit(ReadOnlySpan<byte> number)
    {
        var exponent = number.IndexOfAny((byte)'e', (byte)'E');
        var mantissa = exponent < 0 ? number : number[..exponent];
        return mantissa.IndexOfAnyInRange((byte)'1', (byte)'9') >= 0;
    }
}
