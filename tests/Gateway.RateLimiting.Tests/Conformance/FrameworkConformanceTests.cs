namespace Gateway.RateLimiting.Tests.Conformance;

/// <summary>The framework's own limiters: what the suite asks is what the framework does.</summary>
public abstract class FrameworkConformanceTests(Func<RateLimiter> open) : RateLimiterConformance
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    protected override Task<RateLimiter> OpenAsync() => Task.FromResult(open());

    public sealed class FixedWindow() : FrameworkConformanceTests(static () => new FixedWindowRateLimiter(
        new() { PermitLimit = Limit, Window = Hour }));

    public sealed class SlidingWindow() : FrameworkConformanceTests(static () => new SlidingWindowRateLimiter(
        new() { PermitLimit = Limit, Window = Hour, SegmentsPerWindow = 4 }))
    {
        protected override bool SaysWhenToComeAgain => false;
    }

    public sealed class TokenBucket() : FrameworkConformanceTests(static () => new TokenBucketRateLimiter(
        new() { TokenLimit = Limit, TokensPerPeriod = 1, ReplenishmentPeriod = Hour }));
}
