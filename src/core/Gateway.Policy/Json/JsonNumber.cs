namespace Gateway.Policy.Json;

/// <summary>The grammar of a JSON number, RFC 8259 section 6.</summary>
internal static class JsonNumber
{
    /// <summary>
    /// Returns the length in bytes of the number at the start; 0 if there is none or more digits follow it.
    /// </summary>
    public static int LengthOf(ReadOnlySpan<byte> text)
    {
        var at = text is [(byte)'-', ..] ? 1 : 0;
        var integer = Digits(text[at..]);
        if (integer == 0 || (integer > 1 && text[at] == '0'))
            return 0;
        at += integer;
        if (at < text.Length && text[at] == '.')
        {
            var fraction = Digits(text[(at + 1)..]);
            if (fraction == 0)
                return 0;
            at += 1 + fraction;
        }

        if (at == text.Length || text[at] is not ((byte)'e' or (byte)'E'))
            return at;
        var sign = at + 1 < text.Length && text[at + 1] is (byte)'+' or (byte)'-' ? 1 : 0;
        var exponent = Digits(text[(at + 1 + sign)..]);
        return exponent == 0 ? 0 : at + 1 + sign + exponent;
    }

    private static int Digits(ReadOnlySpan<byte> text)
    {
        var length = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return length < 0 ? text.Length : length;
    }
}
