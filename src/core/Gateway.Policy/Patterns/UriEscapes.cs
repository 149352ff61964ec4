using System.Text;

namespace Gateway.Policy.Patterns;

/// <summary>Percent-escapes of a URI, decoded as leniently as the most lenient reader does.</summary>
internal static class UriEscapes
{
    /// <summary>Decodes once; returns the same instance if there is no escape.</summary>
    /// <param name="text">A URI or a part of one.</param>
    /// <param name="kept">Characters whose escapes stay as written.</param>
    public static string Decode(string text, string kept = "")
    {
        if (!text.Contains('%', StringComparison.Ordinal))
            return text;
        var bytes = Encoding.UTF8.GetBytes(text);
        var length = 0;
        for (var at = 0; at < bytes.Length; at++)
        {
            var decoded = At(bytes, at);
            var isDecoded = decoded >= 0 && !kept.Contains((char)decoded, StringComparison.Ordinal);
            bytes[length++] = isDecoded ? (byte)decoded : bytes[at];
            at += isDecoded ? 2 : 0;
        }

        return Encoding.UTF8.GetString(bytes, 0, length);
    }

    /// <summary>
    /// Returns true if an escape encodes an ASCII character in more bytes than necessary, which some readers still
    /// decode.
    /// </summary>
    public static bool HasOverlong(string text)
    {
        for (var at = 0; at + 5 < text.Length; at++)
        {
            if (text[at] != '%' || text[at + 3] != '%')
                continue;
            var (first, second) = (At(text, at), At(text, at + 3));
            if (second is >= 0x80 and <= 0xBF
                && (first is 0xC0 or 0xC1 || (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90)))
            {
                return true;
            }
        }

        return false;
    }

    private static int At(ReadOnlySpan<byte> text, int at) => text[at] == '%' && at + 2 < text.Length
        ? Value((char)text[at + 1], (char)text[at + 2])
        : -1;

    private static int At(string text, int at) => Value(text[at + 1], text[at + 2]);

    private static int Value(char high, char low) => char.IsAsciiHexDigit(high) && char.IsAsciiHexDigit(low)
        ? (Hex(high) << 4) | Hex(low)
        : -1;

    private static int Hex(char digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
