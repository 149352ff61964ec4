using Gateway.Acquire.Tests.Serving;
using Gateway.RateLimiting;
using Gateway.RateLimiting.Tests.Conformance;

namespace Gateway.Acquire.Tests.Conformance;

/// <summary>The limiter of .NET over a running gateway.</summary>
public sealed class GatewayBudgetConformanceTests(BudgetService service)
    : RateLimiterConformance, IClassFixture<BudgetService>
{
    protected override Task<RateLimiter> OpenAsync() => Task.FromResult<RateLimiter>(new ExactRateLimiter(
        new GatewayBudget(Own(new OwnedClient(service)).Http, "calls", Limit, $"{Guid.NewGuid()}")));

    [Fact]
    public async Task Denies_when_the_gateway_is_away_or_refuses_to_decide_and_says_why()
    {
        using var away = new HttpClient { BaseAddress = new Uri("http://127.0.0.1:1") };
        await using var unreachable = new ExactRateLimiter(new GatewayBudget(away, "calls", Limit, "anna"));
        await using var unknown = new ExactRateLimiter(
            new GatewayBudget(Own(new OwnedClient(service)).Http, "letters", Limit));

        using var first = await unreachable.AcquireAsync();
        using var second = await unknown.AcquireAsync();

        Assert.Equal((false, false), (first.IsAcquired, second.IsAcquired));
        Assert.True(first.TryGetMetadata(MetadataName.ReasonPhrase, out var reason));
        Assert.StartsWith("The gateway did not respond:", reason);
        Assert.True(second.TryGetMetadata(MetadataName.ReasonPhrase, out reason));
        Assert.StartsWith("The gateway did not decide: No such budget.", reason);
    }

    [Fact]
    public async Task A_partitioned_limiter_counts_each_resource_apart()
    {
        var http = Own(new OwnedClient(service)).Http;
        var run = Guid.NewGuid();
        await using var limiter = new ExactPartitionedRateLimiter<string>(
            user => user == "root" ? null : new GatewayBudget(http, "calls", Limit, $"{run}/{user}"));

        Assert.True((await limiter.AcquireAsync("anna", Limit)).IsAcquired);
        Assert.False((await limiter.AcquireAsync("anna")).IsAcquired);
        Assert.True((await limiter.AcquireAsync("berta")).IsAcquired);
        Assert.True(limiter.AttemptAcquire("root").IsAcquired);
    }

    private sealed class OwnedClient(BudgetService service) : IAsyncDisposable
    {
        public HttpClient Http { get; } = service.Client();

        public ValueTask DisposeAsync()
        {
            Http.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
