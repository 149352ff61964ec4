using Gateway.Control.Documents;
using Gateway.Proxy.Conformance;

namespace Gateway.Orleans.Tests.Documents;

/// <summary>What every control store must do, over the grain.</summary>
public sealed class GrainControlStoreConformanceTests : ControlStoreConformance
{
    private ControlCluster? _cluster;

    public override async Task DisposeAsync() => await _cluster!.DisposeAsync();

    protected override async Task<IControlStore> OpenAsync()
    {
        _cluster = await ControlCluster.StartAsync();
        return _cluster.Store;
    }
}
