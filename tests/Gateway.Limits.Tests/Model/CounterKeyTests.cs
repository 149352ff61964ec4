namespace Gateway.Limits.Tests.Model;

public sealed class CounterKeyTests
{
    private static readonly Window Minute = Parse("minute");

    [Fact]
    public void Names_every_part()
    {
        var key = new CounterKey(LimitScope.Grant, "bot@afip", "otp_rate", WindowKind.Fixed, Minute);
        Assert.Equal("bot@afip/otp_rate/grant/fixed/60s/0", key.Text);
    }

    [Fact]
    public void Parts_cannot_run_into_each_other()
    {
        var left = new CounterKey(LimitScope.Grant, "a/b", "c", WindowKind.Fixed, Minute);
        var right = new CounterKey(LimitScope.Grant, "a", "b/c", WindowKind.Fixed, Minute);
        Assert.NotEqual(left, right);
        Assert.Equal("a%2Fb/c/grant/fixed/60s/0", left.Text);
    }

    [Theory]
    [InlineData("bot@afip", "rate", 0)]
    [InlineData("a/b%2F", "%/", 3)]
    [InlineData("send_*_rate", "ñ", 1)]
    public void Text_reads_back(string scopeId, string counter, int generation)
    {
        var key = new CounterKey(LimitScope.Session, scopeId, counter, WindowKind.Sliding, Minute, generation);
        Assert.True(CounterKeyReader.TryRead(key.Text, out var again));
        Assert.Equal(key, again);
        Assert.Equal(key.GetHashCode(), again!.GetHashCode());
        Assert.Equal((scopeId, counter, generation), (again.ScopeId, again.Counter, again.Generation));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b/grant/fixed/60s")]
    [InlineData("a/b/nobody/fixed/60s/0")]
    [InlineData("a/b/grant/fixed/1m/0")]
    [InlineData("a/b/grant/fixed/60s/00")]
    [InlineData("a/b/grant/fixed/60s/-1")]
    [InlineData("/b/grant/fixed/60s/0")]
    public void Refuses_text_that_it_would_not_write(string text) =>
        Assert.False(CounterKeyReader.TryRead(text, out _));

    [Fact]
    public void Windows_that_are_written_differently_are_one_counter()
    {
        Assert.True(Window.TryFromSeconds(60, out var sixty));
        Assert.Equal(
            new CounterKey(LimitScope.Grant, "a@b", "c", WindowKind.Fixed, Minute),
            new CounterKey(LimitScope.Grant, "a@b", "c", WindowKind.Fixed, sixty));
    }

    private static Window Parse(string text) => Window.TryParse(text, out var window) ? window : default;
}
