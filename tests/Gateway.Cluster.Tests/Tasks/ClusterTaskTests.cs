using Gateway.Fleet.Tests;

namespace Gateway.Cluster.Tests.Tasks;

/// <summary>Tasks of servers, and approvals as tasks, at the frontends of a cluster over PostgreSQL.</summary>
public sealed class ClusterTaskTests : SharedServerTaskTests
{
    [ClusterFact]
    public async Task An_approved_call_is_sent_once_and_its_result_is_read_at_another_frontend()
    {
        Bench.Server.Answer = Jobs.AnswerAsync;
        var created = await Bench.StartGatewayAsync();
        await using var second = await Bench.StartGatewayAsync();
        await using var third = await Bench.StartGatewayAsync();
        var task = await CreateAsync(created, "sign");
        var id = await new Operator(second).OpenRequestAsync();
        Assert.Equal(0, Calls("sign"));
        await created.KillAsync();
        await created.DisposeAsync();

        Assert.Equal(HttpStatusCode.OK, await new Operator(second).ApproveAsync(id));
        Assert.NotEqual(HttpStatusCode.OK, await new Operator(third).ApproveAsync(id, "Bob"));

        Assert.Equal("signed", await SharedTaskTests.EndAsync(third, task));
        Assert.Equal("signed", await SharedTaskTests.EndAsync(second, task, path: "/mcp"));
        Assert.Equal(1, Calls("sign"));
    }

    internal override Task<FleetBench> StartBenchAsync(string policy) => ClusterBench.StartOnPostgresAsync(policy);
}
