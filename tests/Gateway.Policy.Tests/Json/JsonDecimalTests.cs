using System.Numerics;
using FsCheck;
using FsCheck.Fluent;

namespace Gateway.Policy.Tests.Json;

public class JsonDecimalTests
{
    [Theory]
    [InlineData("0", "-0", 0)]
    [InlineData("0", "0.000e99999", 0)]
    [InlineData("1", "1.0", 0)]
    [InlineData("1", "0.1e1", 0)]
    [InlineData("100", "1E+2", 0)]
    [InlineData("1e400", "1e399", 1)]
    [InlineData("-1e400", "1e-400", -1)]
    [InlineData("-1", "-2", 1)]
    [InlineData("-1e-400", "0", -1)]
    [InlineData("12", "119e-1", 1)]
    [InlineData("0.3", "0.30000000000000000000000000000001", -1)]
    [InlineData("9007199254740993", "9007199254740992", 1)]
    [InlineData("1e99999999999999999", "9e99999999999999998", 1)]
    [InlineData("1e-99999999999999999", "0", 1)]
    [InlineData("1e00000000000000000000000001", "10", 0)]
    public void Compares_exactly(string left, string right, int expected)
    {
        Assert.True(JsonDecimal.TryParse(left, out var a));
        Assert.True(JsonDecimal.TryParse(right, out var b));
        Assert.Equal(expected, Math.Sign(a.CompareTo(b)));
        Assert.Equal(-expected, Math.Sign(b.CompareTo(a)));
        Assert.Equal(expected == 0, a.Equals(b) && a.GetHashCode() == b.GetHashCode());
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("+1")]
    [InlineData("01")]
    [InlineData("1.")]
    [InlineData(".5")]
    [InlineData("1e")]
    [InlineData("1e+")]
    [InlineData("1e1.5")]
    [InlineData("0x10")]
    [InlineData("1,000")]
    [InlineData("1_000")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("١")]
    [InlineData("1e999999999999999999")]
    public void What_has_not_the_grammar_is_no_number(string text) => Assert.False(JsonDecimal.TryParse(text, out _));

    [Fact]
    public void Agrees_with_arithmetic_on_big_integers()
    {
        var number =
            from sign in Gen.Elements("", "-")
            from integer in Gen.Choose(0, 2000)
            from fraction in Gen.Elements("", ".0", ".5", ".50", ".05", ".123")
            from exponent in Gen.Choose(-6, 6)
            select sign + integer.ToString(CultureInfo.InvariantCulture) + fraction + "e" + exponent;
        Prop.ForAll(Arb.From(number), Arb.From(number), (a, b) =>
            JsonDecimal.TryParse(a, out var left) && JsonDecimal.TryParse(b, out var right)
            && Math.Sign(left.CompareTo(right)) == Scaled(a).CompareTo(Scaled(b))
            && left.IsInteger == (Scaled(a) % BigInteger.Pow(10, 12) == 0))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    // As a multiple of 10^-12: three digits of fraction and six of exponent fit.
    private static BigInteger Scaled(string text)
    {
        var parts = text.Split('e');
        var exponent = int.Parse(parts[1], CultureInfo.InvariantCulture);
        var point = parts[0].IndexOf('.', StringComparison.Ordinal);
        var fraction = point < 0 ? 0 : parts[0].Length - point - 1;
        var digits = BigInteger.Parse(
            parts[0].Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
        return digits * BigInteger.Pow(10, 12 + exponent - fraction);
    }
}
