using Gateway.Audit.Records;
using Gateway.Policy.Decisions;
using Gateway.Proxy.Refusals;
using Gateway.Proxy.Telemetry;

namespace Gateway.Proxy.Tests.Telemetry;

/// <summary>Refusals by reason: every rule has one, and every reason is told before there was any.</summary>
public sealed class RefusalTallyTests
{
    [Theory]
    [InlineData("/tools/pay/limits/0", "RateLimited", "rate_limit")]
    [InlineData("/tools/refund/action", "ApprovalRequired", "approval")]
    [InlineData("/tools/drop/action", "Denied", "policy")]
    [InlineData(PolicyRuleNames.EngineUnavailable, "Denied", "engine_unavailable")]
    [InlineData(Refusal.AuditUnavailableRule, "Denied", "audit_unavailable")]
    [InlineData("(approvals unavailable)", "Denied", "approvals_unavailable")]
    [InlineData("(a rule to come)", "Denied", "other")]
    public void Counts_each_refusal_for_one_reason(string rule, string outcome, string reason)
    {
        var tally = new RefusalTally();

        tally.Count(rule, Enum.Parse<RefusalCategory>(outcome));

        Assert.Equal(1, Of(tally, reason));
        Assert.Equal(1, tally.Read().Sum(measurement => measurement.Value));
    }

    [Fact]
    public void Tells_every_reason_from_the_start()
    {
        var tally = new RefusalTally();

        Assert.Equal(0, Of(tally, "engine_unavailable"));
        Assert.Equal(0, Of(tally, TooManyStreams.Refusal.Rule.Trim('(', ')').Replace(' ', '_')));
        Assert.All(tally.Read(), measurement => Assert.Equal(0, measurement.Value));
    }

    private static long Of(RefusalTally tally, string reason) =>
        tally.Read().Single(measurement => (string?)measurement.Tags[0].Value == reason).Value;
}
