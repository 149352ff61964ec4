using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Gateway.Limits.Model;

/// <summary>
/// An exact, nonnegative decimal of at most 18 integer and 9 fraction digits, held as whole billionths. Nothing is ever
/// rounded: a number that does not fit is refused.
/// </summary>
public readonly record struct Amount : IComparable<Amount>
{
    /// <summary>The length of the longest text of an amount, in characters: 18 digits, a point and 9 more.</summary>
    public const int TextLengthMax = IntegerDigitsMax + 1 + FractionDigitsMax;

    private const int IntegerDigitsMax = 18;
    private const int FractionDigitsMax = 9;
    private const int ExponentMax = 99;
    private const ulong NanoPerUnit64 = 1_000_000_000;
    private static readonly Int128 NanoPerUnit = NanoPerUnit64;

    /// <summary>The first number of billionths that does not fit: 10^27.</summary>
    private static readonly Int128 NanoBound = NanoPerUnit * NanoPerUnit * NanoPerUnit;

    private Amount(Int128 nano) => Nano = nano;

    /// <summary>The amount zero.</summary>
    public static Amount Zero => default;

    /// <summary>One unit: the cost of a call unless its limit defines another.</summary>
    public static Amount One => new(NanoPerUnit);

    /// <summary>The largest amount: 10^18 units less a billionth.</summary>
    public static Amount Most => new(NanoBound - 1);

    /// <summary>The amount in units of 10^-9; at least 0 and below 10^27.</summary>
    public Int128 Nano { get; }

    /// <summary>Returns an amount of whole units, from 0 to 10^18 - 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative or has more than 18 digits.</exception>
    public static Amount FromUnits(long units) => FromNano(units * NanoPerUnit);

    /// <summary>Returns an amount of whole billionths, from 0 to 10^27 - 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative or too large.</exception>
    public static Amount FromNano(Int128 nano)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(nano);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(nano, NanoBound);
        return new Amount(nano);
    }

    /// <summary>Adds two amounts exactly; false if the sum would need more than 18 integer digits.</summary>
    public static bool TryAdd(Amount left, Amount right, out Amount sum)
    {
        var nano = left.Nano + right.Nano;
        sum = nano < NanoBound ? new Amount(nano) : default;
        return nano < NanoBound;
    }

    /// <summary>
    /// Parses a JSON number (RFC 8259, section 6), exponent included. False if it is negative, is not exactly such a
    /// number, or has more than 18 integer or 9 fraction digits, as written or in value.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> jsonNumber, out Amount amount)
    {
        amount = default;
        var rest = jsonNumber;
        if (!TryReadDigits(ref rest, IntegerDigitsMax, 0, out var mantissa, out var integerDigits)) return false;
        if (integerDigits > 1 && jsonNumber[0] == (byte)'0') return false;

        var fractionDigits = 0;
        if (rest is [(byte)'.', ..])
        {
            rest = rest[1..];
            if (!TryReadDigits(ref rest, FractionDigitsMax, mantissa, out mantissa, out fractionDigits)) return false;
        }

        return TryReadExponent(rest, out var exponent)
            && TryScale(mantissa, FractionDigitsMax - fractionDigits + exponent, out amount);
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{byte}, out Amount)"/>
    public static bool TryParse(string? jsonNumber, out Amount amount)
    {
        amount = default;
        if (jsonNumber is null || jsonNumber.Length > 64) return false;
        Span<byte> utf8 = stackalloc byte[256];
        return TryParse(utf8[..Encoding.UTF8.GetBytes(jsonNumber, utf8)], out amount);
    }

    /// <inheritdoc/>
    public int CompareTo(Amount other) => Nano.CompareTo(other.Nano);

    /// <summary>Returns the shortest exact decimal, such as <c>10</c> or <c>2500.5</c>.</summary>
    public override string ToString()
    {
        Span<byte> text = stackalloc byte[TextLengthMax];
        return Encoding.ASCII.GetString(text[..Format(text)]);
    }

    /// <summary>Writes the shortest exact decimal in ASCII.</summary>
    /// <param name="text">
    /// The destination, at least <see cref="TextLengthMax"/> bytes; any of them may be changed.
    /// </param>
    /// <returns>The number of bytes written.</returns>
    public int Format(Span<byte> text)
    {
        // Below 18 billion units 64 bits suffice. A record has several amounts, and 128-bit division takes ten times as
        // long.
        var (units, fraction) = Nano <= ulong.MaxValue
            ? Math.DivRem((ulong)Nano, NanoPerUnit64)
            : ((ulong)(Nano / NanoPerUnit), (ulong)(Nano % NanoPerUnit));
        Utf8Formatter.TryFormat(units, text, out var length);
        if (fraction == 0) return length;
        text[length++] = (byte)'.';
        Utf8Formatter.TryFormat(fraction, text[length..], out var digits, new StandardFormat('D', FractionDigitsMax));
        return text[..(length + digits)].TrimEnd((byte)'0').Length;
    }

    /// <summary>Compares by value.</summary>
    public static bool operator <(Amount left, Amount right) => left.Nano < right.Nano;

    /// <summary>Compares by value.</summary>
    public static bool operator >(Amount left, Amount right) => left.Nano > right.Nano;

    /// <summary>Compares by value.</summary>
    public static bool operator <=(Amount left, Amount right) => left.Nano <= right.Nano;

    /// <summary>Compares by value.</summary>
    public static bool operator >=(Amount left, Amount right) => left.Nano >= right.Nano;

    private static bool TryReadDigits(
        ref ReadOnlySpan<byte> rest, int digitsMax, Int128 before, out Int128 value, out int digits)
    {
        value = before;
        digits = 0;
        while (digits < rest.Length && rest[digits] is >= (byte)'0' and <= (byte)'9')
        {
            if (digits == digitsMax) return false;
            value = (value * 10) + (rest[digits] - '0');
            digits++;
        }

        rest = rest[digits..];
        return digits > 0;
    }

    private static bool TryReadExponent(ReadOnlySpan<byte> rest, out int exponent)
    {
        exponent = 0;
        if (rest.IsEmpty) return true;
        if (rest[0] is not ((byte)'e' or (byte)'E')) return false;
        rest = rest[1..];
        var isNegative = rest is [(byte)'-', ..];
        if (rest is [(byte)'-' or (byte)'+', ..]) rest = rest[1..];
        if (!TryReadDigits(ref rest, digitsMax: 3, 0, out var value, out _)) return false;
        if (!rest.IsEmpty || value > ExponentMax) return false;
        exponent = isNegative ? -(int)value : (int)value;
        return true;
    }

    private static bool TryScale(Int128 mantissa, int power, out Amount amount)
    {
        amount = default;
        if (mantissa == 0) return true;
        for (; power > 0; power--)
        {
            mantissa *= 10;
            if (mantissa >= NanoBound) return false;
        }

        for (; power < 0; power++)
        {
            (mantissa, var lost) = Int128.DivRem(mantissa, 10);
            if (lost != 0) return false;
        }

        amount = new Amount(mantissa);
        return mantissa < NanoBound;
    }
}
