namespace Gateway.Orleans.Tests.Client;

/// <summary>A limiter over grains; one that is opened again meets another cluster over the same store.</summary>
internal sealed class GrainSubject : ILimiterSubject
{
    private readonly SharedStore _store = new();
    private TestCluster? _cluster;

    public async Task<ILimiter> OpenAsync(ManualTime time, bool strictWindows)
    {
        _cluster = await TestCluster.StartAsync(
            silos: 1, new CounterGrainOptions { StrictWindows = strictWindows }, _store, time);
        return _cluster.Limiter(new ClusterEngineOptions { StrictWindows = strictWindows });
    }

    public async Task CloseAsync(ILimiter limiter)
    {
        await _cluster!.Orleans.StopAllSilosAsync();
        await _cluster.DisposeAsync();
    }
}
