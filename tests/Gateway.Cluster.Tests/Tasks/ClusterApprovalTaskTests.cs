using Gateway.Fleet.Tests;

namespace Gateway.Cluster.Tests.Tasks;

/// <summary>The calls of tasks whose frontends of a cluster are killed in every state.</summary>
[Trait("run", "full")]
public sealed class ClusterApprovalTaskTests : SharedTaskTests
{
    internal override Task<FleetBench> StartBenchAsync(string policy) => ClusterBench.StartOnPostgresAsync(policy);
}
