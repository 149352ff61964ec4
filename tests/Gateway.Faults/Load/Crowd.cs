namespace Gateway.Faults.Load;

/// <summary>
/// The agents of one fleet: several at each serving seat, each of which calls at a given pace what the workload draws,
/// and a probe that continuously calls a tool that always has room.
/// </summary>
internal sealed class Crowd(Workload workload, RunLog log, RunClock clock, int seed, double callsPerSecond)
    : IDisposable
{
    /// <summary>The number of agents at each seat besides its probe.</summary>
    public const int WorkersEach = 6;

    private const long ProbeEveryMs = 50;
    private const int BurstCalls = 12;

    /// <summary>One of so many calls with an open-calls limit is aborted by its agent, after the time below.</summary>
    private const int LeftOneOf = 4;
    private const int LeftAfterMs = 100;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _running = [];
    private readonly Sessions _sessions = new();
    private readonly Services _services = new(log, clock, seed);
    private int _seats;

    /// <summary>Starts agents at a seat; they wait while it does not serve.</summary>
    public void Join(Seat seat, int seats)
    {
        var everyMs = (long)(1000.0 * seats * WorkersEach / callsPerSecond);
        for (var i = 0; i < WorkersEach; i++)
        {
            var random = new Random(HashCode.Combine(seed, ++_seats));
            _running.Add(Task.Run(() => WorkAsync(seat, random, everyMs)));
        }

        _running.Add(Task.Run(() => ProbeAsync(seat)));
        var number = _seats;
        _running.Add(Task.Run(() => _services.AskAsync(seat, number, _stop.Token)));
    }

    /// <summary>Sends bursts across the edges of a two-second window, to any serving seats.</summary>
    public void BurstAtEdges(Func<IReadOnlyList<Seat>> serving) => _running.Add(Task.Run(async () =>
    {
        const int WindowMs = 2000;
        while (!_stop.IsCancellationRequested)
        {
            var edge = ((clock.NowMs() / WindowMs) + 1) * WindowMs;
            await RunClock.PassAsync(edge - 40 - clock.NowMs(), _stop.Token);
            var seats = serving();
            if (seats.Count == 0) continue;
            var calls = Enumerable.Range(0, BurstCalls).Select(async i =>
            {
                // Half of them before the edge, half just after it.
                if (i % 2 == 1) await RunClock.PassAsync(edge + 5 - clock.NowMs(), _stop.Token);
                await CallAsync(seats[i % seats.Count], workload.Edge, "{}");
            });
            await Task.WhenAll(calls);
        }
    }));

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running);
    }

    public void Dispose() => _stop.Dispose();

    private async Task WorkAsync(Seat seat, Random random, long everyMs)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(everyMs));
        while (!_stop.IsCancellationRequested)
        {
            var tool = workload.Draw(random);
            using var leave = new CancellationTokenSource();
            if (tool.OpenMax > 0 && random.Next(LeftOneOf) == 0) leave.CancelAfter(LeftAfterMs);
            await CallAsync(seat, tool, Workload.Arguments(tool, random), leave.Token);
            await pace.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    private async Task ProbeAsync(Seat seat)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(ProbeEveryMs));
        while (!_stop.IsCancellationRequested)
        {
            var fromMs = clock.NowMs();
            if (await CallAsync(seat, workload.Endless, "{}") is { } outcome)
                log.Add(new Probe(seat.Name, fromMs, clock.NowMs(), outcome));
            await pace.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    private async Task<CallOutcome?> CallAsync(
        Seat seat, Tool tool, string arguments, CancellationToken leave = default)
    {
        if (seat.Client(tool.Grant) is not { } client) return null;
        var session = tool.IsPerSession ? await _sessions.TakeAsync(client, tool.Name) : null;
        if (tool.IsPerSession && session is null) return null;
        var fromMs = clock.NowMs();
        var agent = new Agent(client, tool.Name, log.Phase.Calls, arguments, session);
        var outcome = await agent.CallAsync(leave);
        if (leave.IsCancellationRequested) return null;
        if (session is not null && outcome == CallOutcome.Failed) _sessions.Forget(tool.Name, session);
        if (outcome is not (CallOutcome.Admitted or CallOutcome.Refused))
            log.Add(new BadCall(seat.Name, fromMs, clock.NowMs(), outcome, agent.Answer));
        return outcome;
    }
}
