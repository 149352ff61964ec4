using Gateway.Hosting.Draining;

namespace Gateway.Hosting.Tests.Draining;

public sealed class LingerChoiceTests
{
    [Theory]
    [InlineData("2s", 2)]
    [InlineData("1m", 60)]
    [InlineData("1h", 3600)]
    [InlineData("0", 0)]
    [InlineData("0s", 0)]
    [InlineData("6", 6)]
    [InlineData("0.5", 0.5)]
    [InlineData("0.5s", 0.5)]
    public void Takes_a_length_and_plain_seconds(string text, double seconds)
    {
        Assert.True(LingerChoice.TryRead(text, out var linger));
        Assert.Equal(TimeSpan.FromSeconds(seconds), linger);
    }

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("soon")]
    [InlineData("-1")]
    [InlineData("2h")]
    [InlineData("3601")]
    [InlineData("NaN")]
    [InlineData("1e3")]
    [InlineData("2 s")]
    public void Refuses_anything_else(string text) => Assert.False(LingerChoice.TryRead(text, out _));

    [Fact]
    public void Says_the_range_that_the_option_has() =>
        Assert.EndsWith("; 0 to 3600 seconds", LingerChoice.Rule, StringComparison.Ordinal);
}
