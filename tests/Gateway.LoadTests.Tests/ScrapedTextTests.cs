using Gateway.LoadTests.Soak;

namespace Gateway.LoadTests.Tests;

public sealed class ScrapedTextTests
{
    private const string Text = """
        # TYPE heap_bytes gauge
        heap_bytes{generation="gen0"} 10
        heap_bytes{generation="loh {x}"} 2.5 1700000000000
        heap_bytes_other 7
        plain 3

        """;

    [Theory]
    [InlineData("heap_bytes", 12.5)]
    [InlineData("heap_bytes_other", 7.0)]
    [InlineData("plain", 3.0)]
    [InlineData("absent", null)]
    public void Sums_a_family_over_its_labels(string family, double? sum) =>
        Assert.Equal(sum, ScrapedText.Sum(Text, family));
}
