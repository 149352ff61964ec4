namespace Gateway.RateLimiting.Tests.Conformance;

/// <summary>Ours, over the store of one process and over one that several share.</summary>
public abstract class ExactConformanceTests(bool isShared, bool isSliding) : RateLimiterConformance
{
    protected override Task<RateLimiter> OpenAsync() => Task.FromResult<RateLimiter>(
        Own(new Engine(isShared)).Limiter(new ExactLimit("shop", "calls", Limit, "hour", isSliding: isSliding)));

    public sealed class OwnStore() : ExactConformanceTests(isShared: false, isSliding: false);

    public sealed class OwnStoreSliding() : ExactConformanceTests(isShared: false, isSliding: true);

    public sealed class SharedRecords() : ExactConformanceTests(isShared: true, isSliding: false);

    public sealed class SharedRecordsSliding() : ExactConformanceTests(isShared: true, isSliding: true);
}
