using Gateway.Audit.Records;
using Gateway.Policy.Decisions;
using Gateway.Proxy.Refusals;
using Gateway.Proxy.Telemetry;

namespace Gateway.Proxy.Tests.Telemetry;

/// <summary>Refusals by reason: every rule has one, and every reason is told before there was any.</summary>
public sealed class RefusalTotalsTests
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
        var totals = new RefusalTotals();

        totals.Count(rule, Enum.Parse<RefusalCategory>(outcome));

        Assert.Equal(1, Of(totals, reason));
        Assert.Equal(1, totals.Read().Sum(measurement => measurement.Value));
    }

    [Fact]
    public void Reports_every_reason_from_the_start()
    {
        var totals = new RefusalTotals();

        Assert.Equal(0, Of(totals, "engine_unavailable"));
        Assert.Equal(0, Of(totals, TooManyStreams.Refusal.Rule.Trim('(', ')').Replace(' ', '_')));
        Assert.All(totals.Read(), measurement => Assert.Equal(0, measurement.Value));
    }

    private static long Of(RefusalTotals totals, string reason) =>
        totals.Read().Single(measurement => (string?)measurement.Tags[0].Value == reason).Value;
}
