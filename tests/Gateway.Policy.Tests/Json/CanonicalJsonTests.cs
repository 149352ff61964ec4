namespace Gateway.Policy.Tests.Json;

public sealed class CanonicalJsonTests
{
    [Theory]
    [InlineData("0", "0")]
    [InlineData("-0", "0")]
    [InlineData("0.000e99", "0")]
    [InlineData("1", "1")]
    [InlineData("1.0", "1")]
    [InlineData("-1.50", "-1.5")]
    [InlineData("100", "100")]
    [InlineData("1e2", "100")]
    [InlineData("10E+1", "100")]
    [InlineData("0.1e3", "100")]
    [InlineData("1234.5e-2", "12.345")]
    [InlineData("0.000001", "0.000001")]
    [InlineData("0.0000001", "1e-7")]
    [InlineData("123e-9", "1.23e-7")]
    [InlineData("100000000000000000000", "100000000000000000000")]
    [InlineData("1000000000000000000000", "1e+21")]
    [InlineData("1.5e300", "1.5e+300")]
    [InlineData("9007199254740993", "9007199254740993")]
    [InlineData("0.1000000000000000055511151231257827", "0.1000000000000000055511151231257827")]
    public void Writes_equal_numbers_alike_and_exactly(string written, string canonical) =>
        Assert.Equal(canonical, CanonicalNumber.Of(written));

    [Fact]
    public void Writes_every_decimal_alike_however_it_is_split_into_digits_and_exponent()
    {
        const int Seed = 20261120;
        var random = new Random(Seed);
        for (var i = 0; i < 2000; i++)
        {
            var digits = string.Concat(Enumerable.Range(0, random.Next(1, 30)).Select(_ => random.Next(10)))
                .TrimStart('0') is { Length: > 0 } some ? some : "7";
            var exponent = random.Next(-40, 40);
            var zeros = new string('0', random.Next(0, 5));
            var plain = $"{digits}e{exponent}";
            var longer = $"{digits}{zeros}e{exponent - zeros.Length}";
            var fraction = $"0.{zeros}{digits}E{exponent + zeros.Length + digits.Length}";

            Assert.Equal(CanonicalNumber.Of(plain), CanonicalNumber.Of(longer));
            Assert.Equal(CanonicalNumber.Of(plain), CanonicalNumber.Of(fraction));
            Assert.NotEqual(CanonicalNumber.Of(plain), CanonicalNumber.Of($"{digits}1e{exponent}"));
        }
    }

    [Theory]
    [InlineData("""{ "b" : 1, "a" : [ true, null, "x" ] }""", """{"a":[true,null,"x"],"b":1}""")]
    [InlineData("""{"\u0041":"\u00e9\/"}""", """{"A":"é/"}""")]
    [InlineData("""{"a":"\u0001\u001f\n\"\\\u007f"}""", "{\"a\":\"\\u0001\\u001f\\n\\\"\\\\\u007f\"}")]
    [InlineData("""{"a":{"z":{},"y":[]},"A":-0.0}""", """{"A":0,"a":{"y":[],"z":{}}}""")]
    public void Writes_equal_values_alike(string written, string canonical) =>
        Assert.Equal(canonical, Of(written));

    [Fact]
    public void Orders_members_by_their_UTF_16_units()
    {
        // RFC 8785, 3.2.3: a surrogate pair comes before U+FB33, though its code point is greater.
        var written = """{"\ufb33":1,"\ud83d\ude00":2,"\u20ac":3,"1":4,"\r":5,"\u0080":6,"\u00f6":7}""";

        using var document = JsonDocument.Parse(Of(written));

        Assert.Equal([5, 4, 6, 7, 3, 2, 1], document.RootElement.EnumerateObject().Select(m => m.Value.GetInt32()));
    }

    [Theory]
    [InlineData("""{"a":1}""", """{"a":"1"}""")]
    [InlineData("""{"a":[1,2]}""", """{"a":[2,1]}""")]
    [InlineData("""{"a":null}""", "{}")]
    [InlineData("""{"a":"é"}""", """{"a":"e\u0301"}""")]
    [InlineData("""{"a":0.1}""", """{"a":0.1000000000000000055511151231257827}""")]
    public void Keeps_different_values_apart(string one, string other) => Assert.NotEqual(Of(one), Of(other));

    private static string Of(string json) =>
        Encoding.UTF8.GetString(CanonicalJson.Of(Encoding.UTF8.GetBytes(json), depthMax: 64));
}
