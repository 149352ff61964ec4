namespace Gateway.Server.Tests.Demo;

public sealed class DemoCallTests
{
    [Theory]
    [InlineData("denied", "Denied")]
    [InlineData("rate_limited", "RateLimited")]
    [InlineData("approval_required", "Failed")]
    public void Reads_the_outcome_from_the_decision(string outcome, string expected) =>
        Assert.Equal(expected, Call(true, new JsonObject { ["outcome"] = outcome }).Outcome.ToString());

    [Fact]
    public void An_answer_without_error_was_admitted() =>
        Assert.Equal(DemoOutcome.Admitted, Call(false, null).Outcome);

    [Fact]
    public void An_error_without_a_decision_is_a_failure() =>
        Assert.Equal(DemoOutcome.Failed, Call(true, null).Outcome);

    [Fact]
    public void Keeps_the_text_that_the_model_reads() => Assert.Equal("why not", Call(true, null).Text);

    private static DemoCall Call(bool isError, JsonObject? decision) => DemoCall.Of(1, "tool", new CallToolResult
    {
        IsError = isError,
        Content = [new TextContentBlock { Text = "why" }, new TextContentBlock { Text = "not" }],
        Meta = decision is null ? null : new JsonObject { ["policy-gateway/decision"] = decision },
    });
}
