using System.Globalization;
using System.Text;

namespace Gateway.Policy.Json;

/// <summary>
/// Produces one text for all spellings of the same number. The form is that of RFC 8785, 3.2.2.3 (ECMAScript), but of
/// the exact decimal instead of the nearest double, so that two different amounts of money stay different.
/// </summary>
internal static class CanonicalNumber
{
    private const int PlainDigitsMax = 21;
    private const int LeadingZerosMax = 6;

    /// <param name="raw">A JSON number as written.</param>
    public static string Of(string raw)
    {
        var sign = raw[0] == '-' ? "-" : "";
        var rest = raw.AsSpan(sign.Length);
        var exponentAt = rest.IndexOfAny('e', 'E');
        var mantissa = exponentAt < 0 ? rest : rest[..exponentAt];
        var point = mantissa.IndexOf('.');
        var written = point < 0
            ? mantissa.ToString()
            : string.Concat(mantissa[..point], mantissa[(point + 1)..]);
        var digits = written.TrimStart('0');
        if (digits.Length == 0)
            return "0";
        if (!TryExponent(exponentAt < 0 ? "0" : rest[(exponentAt + 1)..], out var exponent))
            return raw;

        // The value is 0.DIGITS × 10^scale.
        var scale = (point < 0 ? mantissa.Length : point) - (written.Length - digits.Length) + exponent;
        return sign + Text(digits.TrimEnd('0'), scale);
    }

    private static string Text(string digits, long scale)
    {
        if (digits.Length <= scale && scale <= PlainDigitsMax)
            return digits.PadRight((int)scale, '0');
        if (scale is > 0 and <= PlainDigitsMax)
            return $"{digits.AsSpan(0, (int)scale)}.{digits.AsSpan((int)scale)}";
        if (scale is <= 0 and > -LeadingZerosMax)
            return $"0.{new string('0', (int)-scale)}{digits}";
        var text = new StringBuilder().Append(digits[0]);
        if (digits.Length > 1)
            text.Append('.').Append(digits, 1, digits.Length - 1);
        return text.Append(CultureInfo.InvariantCulture, $"e{(scale > 0 ? "+" : "")}{scale - 1}").ToString();
    }

    // Sums with a length stay far from the bounds of a long; a number beyond them is not a double and never gets here.
    private static bool TryExponent(ReadOnlySpan<char> text, out long exponent) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent)
        && Math.Abs(exponent) < int.MaxValue;
}
