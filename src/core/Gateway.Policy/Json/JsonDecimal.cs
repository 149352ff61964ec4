using System.Globalization;

namespace Gateway.Policy.Json;

/// <summary>
/// The value of a JSON number, exact for any size: a sign and <c>0.DIGITS × 10^Scale</c>, without zeros at either end
/// of the digits. A comparison is linear in the length of the text, so <c>1e999999999</c> is as cheap as 1.
/// </summary>
internal readonly struct JsonDecimal : IComparable<JsonDecimal>, IEquatable<JsonDecimal>
{
    // Programs do not agree on numbers with a longer exponent.
    private const int ExponentDigitsMax = 17;

    private readonly string? _digits;

    private JsonDecimal(int sign, string digits, long scale)
    {
        Sign = sign;
        _digits = digits;
        Scale = scale;
    }

    /// <summary>-1, 0 or 1; minus zero is zero.</summary>
    public int Sign { get; }

    /// <summary>The significant digits; empty for zero.</summary>
    public string Digits => _digits ?? "";

    /// <summary>The power of ten; 0 for zero.</summary>
    public long Scale { get; }

    public bool IsInteger => Sign == 0 || Digits.Length <= Scale;

    /// <summary>
    /// Parses a number. False if the text is not a JSON number, or has an exponent of more than 17 digits.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out JsonDecimal value)
    {
        value = default;
        if (!IsNumber(text))
            return false;
        var isNegative = text[0] == '-';
        var rest = isNegative ? text[1..] : text;
        var exponentAt = rest.IndexOfAny('e', 'E');
        var power = exponentAt < 0 ? [] : rest[(exponentAt + 1)..];
        rest = exponentAt < 0 ? rest : rest[..exponentAt];
        var point = rest.IndexOf('.');
        var digits = point < 0 ? rest.ToString() : string.Concat(rest[..point], rest[(point + 1)..]);
        var leading = digits.AsSpan().IndexOfAnyExcept('0');

        // Zero is zero, whatever its exponent.
        if (leading < 0)
            return true;
        var exponent = 0L;
        if (exponentAt >= 0 && !TryExponent(power, out exponent))
            return false;
        var scale = (point < 0 ? rest.Length : point) + exponent - leading;
        value = new JsonDecimal(isNegative ? -1 : 1, digits[leading..].TrimEnd('0'), scale);
        return true;
    }

    /// <summary>Returns true if <see cref="TryParse"/> may refuse a text with the grammar of a number.</summary>
    public static bool MayBeUnreadable(ReadOnlySpan<char> text) =>
        text.Length > ExponentDigitsMax && text.ContainsAny('e', 'E');

    public static JsonDecimal OfInteger(int value) =>
        TryParse(value.ToString(CultureInfo.InvariantCulture), out var exact) ? exact : default;

    /// <summary>Returns true if the text has the grammar of a JSON number.</summary>
    public static bool IsNumber(ReadOnlySpan<char> text)
    {
        var at = text is ['-', ..] ? 1 : 0;
        var integer = CountDigits(text[at..]);
        if (integer == 0 || (integer > 1 && text[at] == '0'))
            return false;
        at += integer;
        if (at < text.Length && text[at] == '.')
        {
            var fraction = CountDigits(text[(at + 1)..]);
            if (fraction == 0)
                return false;
            at += 1 + fraction;
        }

        if (at == text.Length)
            return true;
        if (text[at] is not ('e' or 'E'))
            return false;
        at += at + 1 < text.Length && text[at + 1] is '+' or '-' ? 2 : 1;
        var exponent = CountDigits(text[at..]);
        return exponent > 0 && at + exponent == text.Length;
    }

    public int CompareTo(JsonDecimal other)
    {
        if (Sign != other.Sign)
            return Sign.CompareTo(other.Sign);
        if (Scale != other.Scale)
            return Scale.CompareTo(other.Scale) * Sign;

        // At equal scale, the digits after the point compare as text: the shorter one is padded with zeros.
        return Math.Sign(string.CompareOrdinal(Digits, other.Digits)) * Sign;
    }

    public bool Equals(JsonDecimal other) => CompareTo(other) == 0;

    public override bool Equals(object? obj) => obj is JsonDecimal other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Sign, Scale, string.GetHashCode(Digits));

    private static int CountDigits(ReadOnlySpan<char> text)
    {
        var length = text.IndexOfAnyExceptInRange('0', '9');
        return length < 0 ? text.Length : length;
    }

    private static bool TryExponent(ReadOnlySpan<char> text, out long exponent)
    {
        var isNegative = text[0] == '-';
        var digits = text.TrimStart("+-").TrimStart('0');
        exponent = 0;
        if (digits.Length > ExponentDigitsMax)
            return false;
        if (digits.Length > 0)
            exponent = long.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
        exponent = isNegative ? -exponent : exponent;
        return true;
    }
}
