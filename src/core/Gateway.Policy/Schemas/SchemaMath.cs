using System.Globalization;
using System.Numerics;
using Gateway.Policy.Json;

namespace Gateway.Policy.Schemas;

/// <summary>Division of decimals without rounding and without expanding an exponent.</summary>
internal static class SchemaMath
{
    private const int ChunkDigits = 9;

    /// <summary>Returns true if the value is a whole multiple of the divisor, which is above zero.</summary>
    public static bool IsMultiple(JsonDecimal value, JsonDecimal divisor)
    {
        if (value.Sign == 0)
            return true;

        // value = v × 10^a and divisor = d × 10^b with integers v and d, neither of which ends in a zero.
        var a = value.Scale - value.Digits.Length;
        var b = divisor.Scale - divisor.Digits.Length;
        var d = BigInteger.Parse(divisor.Digits, NumberStyles.None, CultureInfo.InvariantCulture);
        if (a >= b)
            return (Remainder(value.Digits, d) * BigInteger.ModPow(10, a - b, d) % d).IsZero;

        // v would have to be d × 10^(b - a) × an integer, but it does not end in a zero.
        return false;
    }

    private static BigInteger Remainder(string digits, BigInteger divisor)
    {
        var remainder = BigInteger.Zero;
        for (var at = 0; at < digits.Length; at += ChunkDigits)
        {
            var chunk = digits.AsSpan(at, Math.Min(ChunkDigits, digits.Length - at));
            var scale = BigInteger.Pow(10, chunk.Length);
            var next = int.Parse(chunk, NumberStyles.None, CultureInfo.InvariantCulture);
            remainder = ((remainder * scale) + next) % divisor;
        }

        return remainder;
    }
}
