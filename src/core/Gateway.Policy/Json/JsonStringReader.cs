using System.Buffers;
using System.Globalization;
using System.Text;

namespace Gateway.Policy.Json;

/// <summary>
/// Decodes one JSON string. A lone surrogate is refused, since it has no UTF-8 encoding and so no single meaning.
/// </summary>
internal static class JsonStringReader
{
    private static readonly SearchValues<byte> Special = SearchValues.Create(ControlsQuoteAndBackslash());

    /// <summary>
    /// Reads from the opening quote to after the closing one. Returns null and a problem, with <paramref name="at"/> at
    /// its location, if it is not a valid string.
    /// </summary>
    public static string? Read(ReadOnlySpan<byte> text, ref int at, out string? problem)
    {
        problem = null;
        var start = at + 1;
        var length = text[start..].IndexOfAny(Special);
        if (length >= 0 && text[start + length] == '"')
        {
            at = start + length + 1;
            return Encoding.UTF8.GetString(text.Slice(start, length));
        }

        at = start;
        return Escaped(text, ref at, out problem);
    }

    private static string? Escaped(ReadOnlySpan<byte> text, ref int at, out string? problem)
    {
        using var decoded = new DecodedText();
        while (true)
        {
            var plain = text[at..].IndexOfAny(Special);
            if (plain < 0)
            {
                at = text.Length;
                problem = "the text ends inside a string";
                return null;
            }

            decoded.Append(text.Slice(at, plain));
            at += plain;
            if (text[at] == '"')
            {
                at++;
                problem = null;
                return decoded.ToString();
            }

            problem = text[at] == '\\'
                ? Escape(text, ref at, decoded)
                : $"a control character (U+{text[at]:X4}) inside a string: write it as an escape";
            if (problem is not null)
                return null;
        }
    }

    private static string? Escape(ReadOnlySpan<byte> text, ref int at, DecodedText decoded)
    {
        if (at + 1 == text.Length)
            return "the text ends inside a string";
        var simple = "\"\\/bfnrt"u8.IndexOf(text[at + 1]);
        if (simple >= 0)
        {
            decoded.Append("\"\\/\b\f\n\r\t"u8.Slice(simple, 1));
            at += 2;
            return null;
        }

        if (!TryUnit(text, at, out var unit))
            return "this is not a JSON escape: write a backslash itself as \\\\";
        if (!char.IsSurrogate(unit))
        {
            decoded.Append(new Rune(unit));
            at += 6;
            return null;
        }

        if (!char.IsHighSurrogate(unit) || !TryUnit(text, at + 6, out var low) || !char.IsLowSurrogate(low))
            return "half of a surrogate pair is not a character";
        decoded.Append(new Rune(unit, low));
        at += 12;
        return null;
    }

    private static bool TryUnit(ReadOnlySpan<byte> text, int at, out char unit)
    {
        unit = '\0';
        if (at + 6 > text.Length || text[at] != '\\' || text[at + 1] != 'u')
            return false;
        // Parsing numbers in .NET ignores NUL bytes after the digits, which are not valid in an escape.
        var digits = text.Slice(at + 2, 4);
        if (digits.Contains((byte)0) || !ushort.TryParse(digits, NumberStyles.AllowHexSpecifier, null, out var value))
            return false;
        unit = (char)value;
        return true;
    }

    private static byte[] ControlsQuoteAndBackslash()
    {
        var special = new byte[34];
        for (byte control = 0; control < 32; control++)
            special[control] = control;
        special[32] = (byte)'"';
        special[33] = (byte)'\\';
        return special;
    }
}
