using Gateway.Fleet.Tests;

namespace Gateway.Cluster.Tests.Azure;

/// <summary>The same promises where gateways share grains in place of a database.</summary>
public sealed class GrainsControlTests : SharedControlTests
{
    [AzuriteFact]
    public async Task Grants_outlive_every_silo()
    {
        await using var first = await Bench.StartGatewayAsync();
        await using var second = await Bench.StartGatewayAsync();
        var kept = await TestGrant.MakeAsync(first, "kept");

        await ((ClusterBench)Bench).ReplaceSiloAsync();

        Assert.Equal(HttpStatusCode.OK, await UntilAsync(HttpStatusCode.OK, second, kept.Token));
        var late = await TestGrant.MakeAsync(second, "late");
        Assert.Equal(HttpStatusCode.OK, await UntilAsync(HttpStatusCode.OK, first, late.Token));
    }

    internal override Task<FleetBench> StartBenchAsync(string policy) => ClusterBench.StartOnAzureAsync(policy);
}
