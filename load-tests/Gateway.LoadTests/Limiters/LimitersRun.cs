using Gateway.LoadTests.Generating;
using Gateway.LoadTests.Scenarios;
using Gateway.LoadTests.Upstreams;
using Gateway.TestHarness.Postgres;

namespace Gateway.LoadTests.Limiters;

/// <summary>The same limited calls through this gateway and others, to a server that records each arrival.</summary>
internal sealed class LimitersRun(LimitersOptions options, CountingServer server, Action<string> say)
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(5);
    // The last window is left slightly early, so that no trial extends into another one.
    private static readonly TimeSpan BeforeEnd = TimeSpan.FromMilliseconds(500);
    private const int Connections = 32;
    private const int RetriesMax = 1000;

    /// <returns>The figures of each, and the omitted contestants.</returns>
    public static async Task<(IReadOnlyList<LimiterFigures> Sides, IReadOnlyList<string> Missing)> RunAsync(
        LimitersOptions options, Action<string> say, CancellationToken cancellationToken)
    {
        await using var server = await CountingServer.StartAsync();
        server.RemembersIds = false;
        return await new LimitersRun(options, server, say).AllAsync(cancellationToken);
    }

    private async Task<(IReadOnlyList<LimiterFigures> Sides, IReadOnlyList<string> Missing)> AllAsync(
        CancellationToken cancellationToken)
    {
        var (sides, missing) = (new List<LimiterFigures>(), new List<string>());
        sides.Add(await SingleAsync(
            await GatewaySide.StartAsync(options, server.Url, cancellationToken), cancellationToken));
        if (NginxSide.Missing() is { } program)
        {
            missing.Add($"nginx with Redis: {program} is not installed");
        }
        else
        {
            sides.Add(await SingleAsync(await NginxAsync("nginx, Redis", [0]), cancellationToken));
            sides.Add(await SingleAsync(
                await NginxAsync("nginx, Redis appendonly", [0], keepsEach: true), cancellationToken));
        }

        if (!FakeTime.IsThere)
        {
            missing.Add($"two clocks: {FakeTime.Missing}");
            return (sides, missing);
        }

        if (options.Postgres is null)
            missing.Add("two gateways: name a database with --postgres");
        else
            sides.Add(await PairAsync(
                await GatewaySide.StartPairAsync(options, server.Url, cancellationToken),
                cancellationToken));
        if (NginxSide.Missing() is null)
        {
            double[] ahead = [0, options.AheadSeconds];
            sides.Add(await PairAsync(await NginxAsync("2 nginx, Redis, a key per window", ahead), cancellationToken));
            sides.Add(await PairAsync(
                await NginxAsync("2 nginx, Redis, one record", ahead, RedisCounting.OneRecord), cancellationToken));
        }

        return (sides, missing);

        Task<NginxSide> NginxAsync(
            string name, double[] ahead, string counting = RedisCounting.KeyEach, bool keepsEach = false) =>
            NginxSide.StartAsync(name, options, server.Url, counting, keepsEach, ahead, cancellationToken);
    }

    private async Task<LimiterFigures> SingleAsync(ILimiterSide side, CancellationToken cancellationToken)
    {
        using (side)
        {
            var figures = await SpeedAsync(side, cancellationToken);
            return figures with
            {
                Callers = await TrialAsync(side, LimiterToken.Callers, isKilled: false, cancellationToken),
                Restart = await TrialAsync(side, LimiterToken.Restart, isKilled: true, cancellationToken),
            };
        }
    }

    private async Task<LimiterFigures> PairAsync(ILimiterSide side, CancellationToken cancellationToken)
    {
        using (side)
        {
            return new LimiterFigures(side.Name)
            {
                Clocks = await TrialAsync(side, LimiterToken.Clocks, isKilled: false, cancellationToken),
            };
        }
    }

    private async Task<LimiterFigures> SpeedAsync(ILimiterSide side, CancellationToken cancellationToken)
    {
        say($"{side.Name}: full rate");
        var plan = Plan(side, LimiterToken.Speed) with { Connections = Connections, Duration = WarmUp };
        await LoadGenerator.RunAsync(plan, cancellationToken);
        var before = side.CpuTime;
        var load = await LoadGenerator.RunAsync(plan with { Duration = options.Duration }, cancellationToken);
        var figures = LoadFigures.Of(load);
        if (load[CallOutcome.Admitted] != load.Calls)
            throw new InvalidOperationException($"{side.Name} did not answer every call of a token without a limit.");
        return new LimiterFigures(side.Name)
        {
            CallsPerSecond = figures.CallsPerSecond,
            CpuPerCall = (side.CpuTime - before).TotalMicroseconds / load.Calls,
            P50 = figures.P50 / 1000,
            P99 = figures.P99 / 1000,
        };
    }

    private async Task<LimiterTrial> TrialAsync(
        ILimiterSide side, string token, bool isKilled, CancellationToken cancellationToken)
    {
        var window = TimeSpan.FromSeconds(options.WindowSeconds);
        await Task.Delay(ToNextWindow(window), cancellationToken);
        var begin = TimeProvider.System.GetUtcNow();
        say($"{side.Name}: {token}");
        server.TakeArrivals();
        server.KeepsArrivals = true;
        var sending = LoadGenerator.RunAsync(
            Plan(side, token) with
            {
                Connections = options.Callers,
                Duration = (options.Windows * window) - BeforeEnd,
                // A call that was not accepted is not counted, and callers without a pause would fill a restart with
                // attempts.
                RetriesMax = RetriesMax,
            },
            cancellationToken);
        if (isKilled)
        {
            await Task.Delay(window / 2, cancellationToken);
            await side.KillAsync(cancellationToken);
        }

        var load = await sending;
        server.KeepsArrivals = false;
        var arrivals = server.TakeArrivals();
        say("  arrived, by second: " + string.Join(", ", arrivals
            .CountBy(arrival => (int)Math.Floor((arrival - begin).TotalSeconds))
            .OrderBy(static second => second.Key)
            .Select(static second => $"{second.Key}: {second.Value}")));
        var counts = WindowCount.Of(arrivals, window, options.Max);
        return new LimiterTrial(counts, WindowCount.Over(counts, options.Max), load.Errors);
    }

    private static TimeSpan ToNextWindow(TimeSpan window)
    {
        var since = (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks % window.Ticks;
        // A timer may be early by its own resolution; a trial must not begin in the previous window.
        return TimeSpan.FromTicks(window.Ticks - since) + TimeSpan.FromMilliseconds(20);
    }

    private static LoadPlan Plan(ILimiterSide side, string token)
    {
        var request = CallRequest.Post(ScenarioBench.Server, token, CallRequest.Body(ScenarioBench.Tool));
        return new LoadPlan { Targets = side.Targets, Request = _ => request };
    }
}
