namespace Gateway.Fleet.Tests.Clocks;

/// <summary>
/// Gateways on machines whose clocks are off: within the bound they are exact together, beyond it they deny.
/// </summary>
[Trait("run", "full")]
public sealed class ClockOffsetTests(ITestOutputHelper output)
{
    private const int BriefMax = 20;
    private const int LargeMax = 600;
    private const int AgentsPerGateway = 3;
    private const int Windows = 6;

    private static readonly string Policy = $$"""
        { "version": "1", "default": "deny",
          "tools": {
            "brief": { "limits": [ { "counter": "brief", "window": "2s", "max": {{BriefMax}} } ] },
            "large": { "limits": [ { "counter": "large", "window": "month", "max": {{LargeMax}} } ] } } }
        """;

    [FakeTimeFact]
    public async Task Clocks_off_within_the_bound_are_exact_together()
    {
        await using var bench = await FleetBench.StartAsync(Policy);
        await using var behind = await bench.StartAsMemberAsync("0.2 s behind", Off("-0.2"));
        await using var right = await bench.StartAsMemberAsync("right");
        await using var ahead = await bench.StartAsMemberAsync("0.2 s ahead", Off("+0.2"));
        FleetMember[] all = [behind, right, ahead];

        await FillWindowsAsync(all);
        await Task.WhenAll(Agents(all, "large").Select(agent => agent.ExhaustAsync(2 * LargeMax)));
        await Task.WhenAll(all.Select(member => member.StopAsync()));

        var ledger = Check(bench, all);
        Assert.Equal(LargeMax, bench.Server.Seen("large"));
        // What was under way when a window ended may be lost for it.
        Assert.All(
            ledger.AdmittedInFull("brief"),
            admitted => Assert.InRange(admitted, BriefMax - (all.Length * AgentsPerGateway), BriefMax));
        Assert.All(all, member => Assert.NotEqual(0, member.LetThrough));
    }

    [FakeTimeFact]
    public async Task Denies_everything_when_its_clock_is_half_a_minute_off()
    {
        await using var bench = await FleetBench.StartAsync(Policy);
        await using var behind = await bench.StartAsMemberAsync("30 s behind", Off("-30"));
        await using var right = await bench.StartAsMemberAsync("right");
        await using var ahead = await bench.StartAsMemberAsync("30 s ahead", Off("+30"));
        FleetMember[] wrong = [behind, ahead];
        await right.BecomesAsync(HttpStatusCode.OK);

        await FillWindowsAsync(behind, right, ahead);
        foreach (var member in wrong)
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await member.ReadinessAsync());
            Assert.Equal(CallOutcome.Unavailable, await member.Agent("large").CallAsync());
        }

        await Task.WhenAll(Agents([right], "large").Select(agent => agent.ExhaustAsync(2 * LargeMax)));
        await Task.WhenAll(right.StopAsync(), behind.StopAsync(), ahead.StopAsync());

        Check(bench, behind, right, ahead);
        Assert.Equal(LargeMax, bench.Server.Seen("large"));
        foreach (var member in wrong)
        {
            Assert.Equal(0, member.LetThrough);
            Assert.Equal(member.History.Calls, member.History.Of(CallOutcome.Unavailable));
        }
    }

    [FakeTimeFact]
    public async Task The_databases_clock_confirms_one_that_contradicts_the_stored_time()
    {
        await using var bench = await FleetBench.StartAsync(Policy);
        await using var first = await bench.StartAsMemberAsync("before");
        await first.BecomesAsync(HttpStatusCode.OK);
        await first.StopAsync();
        foreach (var stored in new[] { "2100-01-01T00:00:00.000Z", "2001-01-01T00:00:00.000Z", "no time" })
        {
            File.WriteAllText(Path.Combine(first.Data, "clock"), stored + "\n");
            await using var again = await bench.StartAgainAsync(first);
            await again.BecomesAsync(HttpStatusCode.OK);
            Assert.Equal(CallOutcome.Admitted, await again.Agent("large").CallAsync());
            await again.StopAsync();
            var written = File.ReadAllText(Path.Combine(first.Data, "clock"));
            Assert.StartsWith($"{TimeProvider.System.GetUtcNow().Year}-", written, StringComparison.Ordinal);
        }
    }

    private static GatewayPlace Off(string seconds) => new()
    {
        Environment = FakeTime.Shift(seconds).ToDictionary(entry => entry.Name, entry => entry.Value),
    };

    private static IEnumerable<Agent> Agents(IEnumerable<FleetMember> members, string tool) =>
        members.SelectMany(member => Enumerable.Range(0, AgentsPerGateway).Select(_ => member.Agent(tool)));

    /// <summary>Calls all the time, until some windows have passed.</summary>
    private static async Task FillWindowsAsync(params FleetMember[] members)
    {
        using var stop = new CancellationTokenSource();
        using var windows = new PeriodicTimer(TimeSpan.FromSeconds(2));
        var running = Agents(members, "brief")
            .Select(agent => agent.FireAsync(stop.Token, TimeSpan.FromMilliseconds(10))).ToList();
        for (var i = 0; i < Windows; i++)
            await windows.WaitForNextTickAsync();
        await stop.CancelAsync();
        await Task.WhenAll(running);
    }

    private PermitLedger Check(FleetBench bench, params FleetMember[] members)
    {
        var ledger = new PermitLedger(members);
        foreach (var member in members)
            output.WriteLine($"{member.History}");
        output.WriteLine($"brief, {BriefMax} a window: {string.Join(' ', ledger.Admitted("brief"))}; "
            + $"somebody was refused in {ledger.AdmittedInFull("brief").Count} windows");
        foreach (var reason in ledger.Unavailable)
            output.WriteLine($"denied as unavailable: {reason}");
        var seen = bench.Server.Seen("large");
        output.WriteLine($"large: {seen} of {LargeMax} reached the server, {LargeMax - seen} wasted");
        ledger.AssertExact("brief", BriefMax);
        ledger.AssertExact("large", LargeMax);
        ledger.AssertCovers(bench.Server.CallIds());
        bench.Server.AssertNoCallTwice();
        return ledger;
    }
}
