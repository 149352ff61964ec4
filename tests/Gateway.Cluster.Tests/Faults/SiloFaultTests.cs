namespace Gateway.Cluster.Tests.Faults;

/// <summary>Real silos that die, are paused, stop, come and go, while three frontends call one counter.</summary>
public class SiloFaultTests(ITestOutputHelper output)
{
    /// <summary>A silo that lost its only other one has written what it has to say by then.</summary>
    private static readonly TimeSpan QuietAfter = TimeSpan.FromSeconds(10);

    /// <summary>The lines that it may write until then.</summary>
    private const int LinesMax = 10;

    /// <summary>What the silos share; over another store they promise the same.</summary>
    internal virtual Task<SiloFleet> StartAsync(int silos) => SiloFleet.StartAsync(silos);

    [ClusterFact]
    public async Task Stays_exact_when_silos_are_killed()
    {
        await using var fleet = await StartAsync(silos: 3);
        using var traffic = new Traffic(fleet, output);

        await traffic.StartAsync();
        await traffic.AdmitAsync(2000);
        var first = await fleet.OwnerAsync(traffic.Key);
        await first.KillAsync();
        await traffic.AdmitAsync(2000);
        var second = await fleet.OwnerAsync(traffic.Key);
        var last = fleet.Silos.Single(silo => silo != second && !silo.HasEnded);
        var before = last.Lines;
        await second.KillAsync();
        using (var settle = new PeriodicTimer(QuietAfter)) await settle.WaitForNextTickAsync();
        var settled = last.Lines;
        await traffic.RunDryAsync();

        traffic.AssertExact(faults: 2);
        output.WriteLine($"{settled - before} lines after the kill, {last.Lines - settled} later");
        Assert.InRange(settled - before, 1, LinesMax);
        Assert.Equal(settled, last.Lines);
        foreach (var killed in new[] { first, second })
        {
            Assert.Single(last.Log.Split('\n'), line =>
                line.Contains($"The silo {killed.Name} at ", StringComparison.Ordinal)
                && line.Contains("was declared dead", StringComparison.Ordinal));
        }

        Assert.DoesNotContain("\"Polly\"", last.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("\"Orleans.Messaging\"", last.Log, StringComparison.Ordinal);
    }

    [ClusterFact]
    public async Task Stays_exact_when_an_owner_is_paused_until_it_has_a_successor_and_then_goes_on()
    {
        await using var fleet = await StartAsync(silos: 2);
        using var traffic = new Traffic(fleet, output);

        await traffic.StartAsync();
        await traffic.AdmitAsync(2000);
        var first = await fleet.OwnerAsync(traffic.Key);
        first.Pause();
        await traffic.AdmitAsync(3000);
        first.Resume();
        await traffic.AdmitAsync(1000);
        await fleet.AddSilosAsync(1);
        var second = await fleet.OwnerAsync(traffic.Key);
        second.Pause();
        await traffic.AdmitAsync(3000);
        second.Resume();
        await traffic.RunDryAsync();

        traffic.AssertExact(faults: 2);
    }

    [ClusterFact]
    public async Task Stays_exact_when_silos_stop_under_traffic()
    {
        await using var fleet = await StartAsync(silos: 3);
        using var traffic = new Traffic(fleet, output);

        await traffic.StartAsync();
        await traffic.AdmitAsync(2000);
        await (await fleet.OwnerAsync(traffic.Key)).StopAsync();
        await traffic.AdmitAsync(2000);
        await (await fleet.OwnerAsync(traffic.Key)).StopAsync();
        await traffic.RunDryAsync();

        traffic.AssertExact(faults: 1);
    }

    [Trait("run", "full")]
    [ClusterFact]
    public async Task Stays_exact_from_one_silo_to_three_to_one()
    {
        await using var fleet = await StartAsync(silos: 1);
        using var traffic = new Traffic(fleet, output, paceMs: 25);

        await traffic.StartAsync();
        await traffic.AdmitAsync(500);
        await fleet.AddSilosAsync(2);
        await traffic.AdmitAsync(500);
        await (await fleet.OwnerAsync(traffic.Key)).StopAsync();
        await traffic.AdmitAsync(500);
        await (await fleet.OwnerAsync(traffic.Key)).StopAsync();
        await traffic.RunDryAsync();

        traffic.AssertExact(faults: 1);
    }
}
