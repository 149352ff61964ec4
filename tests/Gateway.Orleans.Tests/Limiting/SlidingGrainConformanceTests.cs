using Gateway.Limits;
using Gateway.Limits.Conformance;
using Gateway.Orleans.Tests.Clusters;

namespace Gateway.Orleans.Tests.Limiting;

/// <summary>What every limiter must do with sliding limits, over grains.</summary>
public sealed class SlidingGrainConformanceTests : SlidingLimiterConformance
{
    private readonly SharedStore _store = new();
    private TestCluster? _cluster;

    protected override async Task<ILimiter> OpenAsync(bool strictWindows)
    {
        _cluster = await TestCluster.StartAsync(
            silos: 1, new CounterGrainOptions { StrictWindows = strictWindows }, _store, Time);
        return _cluster.Limiter(new GrainLimiterOptions { StrictWindows = strictWindows });
    }

    protected override async Task CloseAsync(ILimiter limiter)
    {
        await _cluster!.Orleans.StopAllSilosAsync();
        await _cluster.DisposeAsync();
    }
}
