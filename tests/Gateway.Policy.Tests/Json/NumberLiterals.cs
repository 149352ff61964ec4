namespace Gateway.Policy.Tests.Json;

/// <summary>JSON number literals at and around the places where parsers of doubles lose digits.</summary>
internal static class NumberLiterals
{
    public static readonly string[] Corners =
    [
        "0", "-0", "0.0", "-0.0e5", "1", "1.0", "1.00", "10e-1", "1E+2", "100", "1e2", "0.1", "0.10", "0.3",
        "0.30000000000000004", "0.30000000000000000000000000000001", "9007199254740991", "9007199254740992",
        "9007199254740993", "9007199254740994", "9007199254740993.0", "9223372036854775807", "9223372036854775808",
        "18446744073709551615", "5511987654321", "5511987654321.0", "5511987654321.00000000000000000001",
        "5511987654320.9999999999999999999", "123456789012345678", "1234567890123456780", "1e15", "1e16", "1e21",
        "1e22", "1e23", "99999999999999991611392", "2.2250738585072011e-308", "2.2250738585072014e-308",
        "2.225073858507201e-308", "4.9e-324", "5e-324", "5E-324", "4.9406564584124654e-324", "2e-324", "3e-324",
        "1e-323", "1e-400", "-1e-400", "1e400", "-1e400", "1e308", "1.7976931348623157e308", "1.7976931348623158e308",
        "1.7976931348623159e308", "179769313486231570000000000000000000000e270", "1e99999", "1e-99999", "0e99999",
        "100000000000000000000000000000000000000000000000001e-50", "1e23", "8.41e21", "9.5e-7",
    ];

    /// <summary>Random literals after the corners; the same for the same seed.</summary>
    public static List<string> Generate(int seed, int count)
    {
        var random = new Random(seed);
        var all = new List<string>(Corners);
        while (all.Count < count)
            all.Add(Next(random));
        return all;
    }

    private static string Next(Random random)
    {
        var sign = random.Next(4) == 0 ? "-" : "";
        return random.Next(8) switch
        {
            0 => sign + Digits(random, random.Next(1, 25)),
            1 => $"{sign}{Digits(random, random.Next(1, 15))}.{Fraction(random, random.Next(1, 25))}",
            2 => $"{sign}{Digits(random, 1)}.{Fraction(random, random.Next(1, 20))}e{random.Next(-330, 315)}",
            3 => Shortest(random),
            4 => Nudged(random),
            5 => $"{sign}{(1L << 53) + random.Next(-1000, 100_000)}",
            6 => $"{sign}{Digits(random, random.Next(1, 18))}{(random.Next(2) == 0 ? "e" : "E+")}{random.Next(0, 25)}",
            _ => $"{Shortest(random)}".Replace("E", "0000000E", StringComparison.Ordinal),
        };
    }

    private static string Shortest(Random random)
    {
        var value = random.Next(3) switch
        {
            0 => BitConverter.Int64BitsToDouble(random.NextInt64()),
            1 => BitConverter.Int64BitsToDouble(random.NextInt64(1L << 52)),
            _ => random.NextDouble() * Math.Pow(10, random.Next(-5, 20)),
        };
        return double.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture) : "1E+400";
    }

    // The last digit of a shortest decimal is another one, or one digit more follows.
    private static string Nudged(Random random)
    {
        var text = Shortest(random);
        var end = text.IndexOf('E', StringComparison.Ordinal) is >= 0 and var at ? at : text.Length;
        var (mantissa, rest) = (text[..end], text[end..]);
        if (random.Next(2) == 0)
            return mantissa[..^1] + random.Next(10).ToString(CultureInfo.InvariantCulture) + rest;
        return mantissa + (mantissa.Contains('.', StringComparison.Ordinal) ? "" : ".") + $"{random.Next(10)}{rest}";
    }

    private static string Digits(Random random, int count) =>
        $"{random.Next(1, 10)}{Fraction(random, count - 1)}";

    private static string Fraction(Random random, int count) =>
        string.Concat(Enumerable.Range(0, count).Select(_ => (char)('0' + random.Next(10))));
}
