namespace Gateway.Fleet.Tests.Partitions;

/// <summary>
/// Gateways in network namespaces are cut off from the database amid the load, and healed: they deny meanwhile, serve
/// again, and never does more than the maximum reach the recording server.
/// </summary>
public sealed class PartitionTests(ITestOutputHelper output)
{
    private const int SmallMax = 30;
    private const int LargeMax = 3000;
    private const int Endless = 1_000_000;
    private const int CallsAmidCut = 150;
    private static readonly Partition[] Cuts = [Partition.LinkDown, Partition.RepliesLost];
    private static readonly string[] Load = ["small", "large", "large", "endless"];
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    private static readonly string Policy = $$"""
        { "version": "1", "default": "deny",
          "tools": {
            "small": { "limits": [ { "counter": "small", "window": "month", "max": {{SmallMax}} } ] },
            "large": { "limits": [ { "counter": "large", "window": "month", "max": {{LargeMax}} } ] },
            "endless": { "limits": [ { "counter": "endless", "window": "month", "max": {{Endless}} } ] } } }
        """;

    [Trait("run", "full")]
    [NamespaceFact]
    public async Task Denies_while_the_database_is_out_of_reach_and_serves_again_after_it()
    {
        await using var network = await TestNetwork.MakeAsync(cutsServer: [false, true]);
        await using var bench = await FleetBench.StartAsync(Policy, network.Server, network.Database);
        await using var near = await bench.StartAsMemberAsync("not cut off");
        await using var first = await bench.StartAsMemberAsync(
            "cut off from the database", network.Places[0].Place, network.Database);
        await using var second = await bench.StartAsMemberAsync(
            "cut off from database and server", network.Places[1].Place, network.Database);
        FleetMember[] all = [near, first, second];
        using var stop = new CancellationTokenSource();
        var running = all.SelectMany(member => Load.Select(tool => member.Agent(tool).FireAsync(stop.Token, Pace)))
            .ToList();

        foreach (var cut in Cuts)
        {
            await bench.Server.ReachAsync(bench.Server.Requests.Count + CallsAmidCut);
            await Task.WhenAll(network.Places.Select(place => place.CutAsync(cut)));
            await AssertDenyAsync(near, first, second);
            await Task.WhenAll(network.Places.Select(place => place.HealAsync(cut)));
            await AssertServeAsync(cut, first, second);
        }

        await stop.CancelAsync();
        await Task.WhenAll(running);
        await ExhaustAsync(all, "small");
        await ExhaustAsync(all, "large");
        Check(bench, all);
    }

    [NamespaceFact]
    public async Task Removes_its_namespaces_and_links()
    {
        string name, route;
        await using (var network = await TestNetwork.MakeAsync(cutsServer: [true]))
        {
            (name, route) = (network.Name, $" {network.Prefix}.");
            Assert.Contains(route, await IpCommand.RunAsync("-4 route show table all"), StringComparison.Ordinal);
            Assert.Contains(name, await IpCommand.RunAsync("netns list"), StringComparison.Ordinal);
            Assert.Contains(name, await IpCommand.RunAsync("-o link"), StringComparison.Ordinal);
        }

        Assert.DoesNotContain(name, await IpCommand.RunAsync("netns list"), StringComparison.Ordinal);
        Assert.DoesNotContain(name, await IpCommand.RunAsync("-o link"), StringComparison.Ordinal);
        Assert.DoesNotContain(route, await IpCommand.RunAsync("-4 route show table all"), StringComparison.Ordinal);
    }

    /// <summary>Those cut off become unready and admit nothing more, while the others' calls go on.</summary>
    private static async Task AssertDenyAsync(FleetMember near, params FleetMember[] apart)
    {
        await Task.WhenAll(apart.Select(member => member.BecomesAsync(HttpStatusCode.ServiceUnavailable)));
        var before = apart.Select(member => member.LetThrough).ToList();
        var admitted = near.History.Of(CallOutcome.Admitted);
        await Soon.UntilAsync(
            () => near.History.Of(CallOutcome.Admitted) > admitted + CallsAmidCut, "calls at the other gateway go on");
        foreach (var member in apart)
        {
            Assert.Equal(CallOutcome.Unavailable, await member.Agent("endless").CallAsync());
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await member.ReadinessAsync());
        }

        Assert.Equal(before, apart.Select(member => member.LetThrough));
        Assert.Equal(HttpStatusCode.OK, await near.ReadinessAsync());
    }

    private async Task AssertServeAsync(Partition cut, params FleetMember[] apart)
    {
        var healedAt = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(apart.Select(async member =>
        {
            var agent = member.Agent("endless");
            await Soon.UntilAsync(async () => await agent.CallAsync() == CallOutcome.Admitted, "calls are admitted");
            var took = TimeProvider.System.GetElapsedTime(healedAt);
            output.WriteLine($"{cut}: {member.Name} serves again after {took.TotalSeconds:F1} s");
            await member.BecomesAsync(HttpStatusCode.OK);
        }));
    }

    private static Task ExhaustAsync(FleetMember[] all, string tool) => Task.WhenAll(
        all.SelectMany(member => Load.Select(_ => member.Agent(tool).ExhaustAsync(2 * LargeMax))));

    private void Check(FleetBench bench, FleetMember[] all)
    {
        foreach (var member in all)
            output.WriteLine($"{member.History}");
        // A cut may waste what was under way: a call of every agent, and the needs of the writes of unknown outcome.
        var mayWaste = Cuts.Length * (all.Length - 1) * Load.Length * 3;
        foreach (var (tool, max) in ((string, int)[])[("small", SmallMax), ("large", LargeMax)])
        {
            var seen = bench.Server.Seen(tool);
            output.WriteLine($"{tool}: {seen} of {max} reached the server, {max - seen} wasted, {mayWaste} allowed");
            Assert.InRange(seen, Math.Max(1, max - mayWaste), max);
        }

        bench.Server.AssertNoCallTwice();
    }
}
