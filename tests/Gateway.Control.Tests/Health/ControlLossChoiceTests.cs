namespace Gateway.Control.Tests.Health;

public sealed class ControlLossChoiceTests
{
    [Theory]
    [InlineData("deny", 0)]
    [InlineData("last-known:30s", 30)]
    [InlineData("last-known:60s", 60)]
    [InlineData("last-known:1m", 60)]
    public void Takes_deny_and_a_minute_at_most(string text, int seconds)
    {
        Assert.True(ControlLossChoice.TryRead(text, out var lastKnownFor));
        Assert.Equal(seconds, lastKnownFor.TotalSeconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("allow")]
    [InlineData("Deny")]
    [InlineData("last-known")]
    [InlineData("last-known:")]
    [InlineData("last-known:0s")]
    [InlineData("last-known:-5s")]
    [InlineData("last-known:30")]
    [InlineData("last-known:61s")]
    [InlineData("last-known:2m")]
    [InlineData("last-known:1h")]
    public void Refuses_what_is_longer_or_unclear(string text) =>
        Assert.False(ControlLossChoice.TryRead(text, out _));
}
