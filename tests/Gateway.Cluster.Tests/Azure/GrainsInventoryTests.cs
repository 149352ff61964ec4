using Gateway.Fleet.Tests;

namespace Gateway.Cluster.Tests.Azure;

/// <summary>The same promises where gateways share grains in place of a database.</summary>
public sealed class GrainsInventoryTests : SharedInventoryTests
{
    internal override Task<FleetBench> StartBenchAsync(string policy) => ClusterBench.StartOnAzureAsync(policy);
}
