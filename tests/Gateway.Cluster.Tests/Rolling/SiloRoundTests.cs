using Gateway.Cluster.Tests.Clocks;

namespace Gateway.Cluster.Tests.Rolling;

/// <summary>
/// Every silo is replaced in good order by SIGTERM while agents call. Where the machine has nothing else to do nobody
/// notices; where silos get little CPU a call may find no owner within its 2 s, and is told when to ask again.
/// </summary>
[Trait("run", "full")]
public sealed class SiloRoundTests(ITestOutputHelper output)
{
    private const int Counters = 20;
    private const int Max = 100;

    /// <summary>Of a thousand calls; on a machine with far too much to do up to 0.7 were seen.</summary>
    private const int DeniedPerMilleMax = 5;

    [ClusterFact]
    public async Task Denies_next_to_no_call_and_wastes_no_number_while_every_silo_is_replaced()
    {
        await using var fleet = await SiloFleet.StartAsync(silos: 3);
        var limiter = await fleet.LimiterAsync();
        var calls = new SteadyCalls(fleet, limiter);
        using var stop = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        var taken = Enumerable.Range(0, Counters).Select(number => new CounterKey(
            LimitScope.Grant, "agent@afip", $"hundred-{number}", WindowKind.Fixed, Window.Month)).ToArray();
        var admitted = await CallAsync(fleet, limiter, taken, 20);
        var running = calls.RunAsync(stop.Token);

        foreach (var old in fleet.Silos)
        {
            await fleet.AddSilosAsync(1);
            admitted += await CallAsync(fleet, limiter, taken, 10);
            await old.StopAsync();
            admitted += await CallAsync(fleet, limiter, taken, 5);
        }

        await stop.CancelAsync();
        await running;
        admitted += await CallAsync(fleet, limiter, taken, Max);
        var seen = calls.Take();
        foreach (var kind in seen)
        {
            output.WriteLine($"{kind.Kind}: {kind.Denied + kind.Unanswered} of {kind.Calls} denied, "
                + $"{kind.SlowestMs} ms; {kind.Reasons}");
        }

        output.WriteLine($"{(Counters * Max) - admitted} of {Counters * Max} numbers wasted");
        Assert.Empty(calls.Odd);
        Assert.All(seen, kind => Assert.InRange(
            1000 * (kind.Denied + kind.Unanswered), 0, DeniedPerMilleMax * kind.Calls));
        Assert.Equal(Counters * Max, admitted);
    }

    /// <summary>How many of so many calls of each counter were let through.</summary>
    private static async Task<int> CallAsync(SiloFleet fleet, ClusterEngine limiter, CounterKey[] keys, int calls)
    {
        var admitted = await Task.WhenAll(keys.Select(async key =>
        {
            var count = 0;
            for (var call = 0; call < calls; call++)
            {
                var cost = new LimitCost(key, Amount.FromUnits(Max), Amount.One);
                var request = new LimitRequest(CallId.New(), fleet.Clock.NowMs(), [cost]);
                var decision = await limiter.AcquireAsync(request, default);
                if (!decision.IsAdmitted) continue;
                Assert.Equal(SpendOutcome.Spent, decision.Permit.TrySpend(fleet.Clock.NowMs(), out _));
                count++;
            }

            return count;
        }));
        return admitted.Sum();
    }
}
