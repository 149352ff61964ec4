namespace Gateway.Server.Tests.Interop;

/// <summary>A tool result as a client handed it to its caller; <see cref="Text"/> is what a model reads.</summary>
internal sealed record SeenResult(bool IsError, string Text, JsonElement? Decision)
{
    public void AssertDenied(string rule)
    {
        AssertRefused("denied", rule);
        Assert.False(Decision!.Value.TryGetProperty("limit", out _));
    }

    public void AssertRateLimited(string rule)
    {
        AssertRefused("rate_limited", rule);
        Assert.Contains("Try again in", Text);
        var limit = Decision!.Value.GetProperty("limit");
        Assert.True(limit.GetProperty("retryAfterMs").GetInt64() > 0);
        Assert.Equal(limit.GetProperty("max").GetRawText(), limit.GetProperty("used").GetRawText());
    }

    private void AssertRefused(string outcome, string rule)
    {
        Assert.True(IsError, Text);
        Assert.StartsWith("Policy violation: ", Text);
        Assert.NotNull(Decision);
        Assert.Equal(outcome, Decision.Value.GetProperty("outcome").GetString());
        Assert.Equal(rule, Decision.Value.GetProperty("rule").GetString());
        Assert.NotEmpty(Decision.Value.GetProperty("reason").GetString()!);
    }
}
