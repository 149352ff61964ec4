using Gateway.Fleet.Tests;

namespace Gateway.Cluster.Tests.Tasks;

/// <summary>The official client of the extension for tasks at three frontends of a cluster.</summary>
[Trait("run", "full")]
public sealed class ClusterOfficialTaskTests : OfficialTaskTests
{
    internal override Task<FleetBench> StartBenchAsync(string policy) => ClusterBench.StartOnPostgresAsync(policy);
}
