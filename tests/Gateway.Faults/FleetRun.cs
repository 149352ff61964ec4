using Gateway.Faults.Nemesis;

namespace Gateway.Faults;

/// <summary>One fleet, from its first process to the result of checking its history.</summary>
internal sealed class FleetRun : IAsyncDisposable
{
    private const long PhaseMsMin = 3_000;
    private const long PhaseMsMax = 40_000;
    private const long BackPatienceMs = 15_000;
    private readonly Workload _workload;
    private readonly RunClock _clock;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _watching = [];
    private readonly Crowd _crowd;

    private FleetRun(RunningFleet fleet, RunLog log, Workload workload, RunClock clock, Crowd crowd) =>
        (Fleet, Log, _workload, _clock, _crowd) = (fleet, log, workload, clock, crowd);

    public RunningFleet Fleet { get; }

    public RunLog Log { get; }

    /// <summary>Creates a fleet whose processes are not started yet.</summary>
    public static async Task<FleetRun> PrepareAsync(FleetKind kind, RunOptions options, Workload workload)
    {
        var clock = new RunClock(TimeProvider.System);
        var log = new RunLog();
        log.Begin("start", clock.NowMs());
        var fleet = await RunningFleet.PrepareAsync(kind, workload, log, clock, options.ClusterProgram);
        var crowd = new Crowd(workload, log, clock, options.Seed, options.CallsPerSecond);
        return new FleetRun(fleet, log, workload, clock, crowd);
    }

    /// <summary>Starts the processes and the agents; returns when every gateway has admitted a call.</summary>
    public async Task StartAsync(int serving, int spare, int silos, Order? order = null)
    {
        await Task.WhenAll(Enumerable.Range(0, silos).Select(_ => Fleet.AddSiloAsync()));
        var seats = new List<Seat>();
        for (var i = 0; i < serving + spare; i++) seats.Add(await Fleet.AddSeatAsync());
        foreach (var seat in seats[..serving]) await Fleet.StartAsync(seat, order: order);
        foreach (var seat in seats) _crowd.Join(seat, serving);
        _crowd.BurstAtEdges(() => Fleet.Serving);
        _watching.Add(Task.Run(() => new StallWatch(Log, _clock, Fleet.ProcessIds).RunAsync(_stop.Token)));
        _watching.Add(Task.Run(() => new PolicyEditor(_workload, Fleet.Files, Log, _clock).RunAsync(_stop.Token)));
        await AdmitsAsync(BackPatienceMs);
    }

    /// <summary>Waits until every serving gateway has admitted a call from now on, or until the time is over.</summary>
    public async Task AdmitsAsync(long patienceMs)
    {
        var fromMs = _clock.NowMs();
        var members = Fleet.Serving.Select(seat => seat.Name).ToList();
        await _clock.UntilAsync(
            () => Task.FromResult(members.All(member => Log.HasAdmitted(member, fromMs))), patienceMs);
    }

    /// <summary>Begins a phase with this name.</summary>
    public void Begin(string phase) => Log.Begin(phase, _clock.NowMs());

    /// <summary>Runs through the plan repeatedly until the time is over.</summary>
    public async Task RunAsync(
        IReadOnlyList<(string Name, IReadOnlyList<IFault> Faults)> plan, long loadMs, Random random,
        CancellationToken stop)
    {
        var eachMs = Math.Max(PhaseMsMin, loadMs / plan.Count);
        var rounds = (eachMs + PhaseMsMax - 1) / PhaseMsMax;
        for (var round = 0; round < rounds; round++)
        {
            foreach (var (name, faults) in plan.TakeWhile(_ => !stop.IsCancellationRequested))
            {
                var phase = Log.Begin(name, _clock.NowMs());
                if (faults.Count == 0) await WatchAsync(phase, eachMs / rounds, stop);
                var jobs = faults.Select(fault => (Fault: fault, Random: new Random(random.Next()))).ToList();
                await Task.WhenAll(jobs.Select(job => StrikeAsync(job.Fault, eachMs / rounds, job.Random, stop)));
            }
        }
    }

    /// <summary>Ends agents and processes in order, and evaluates the history.</summary>
    public async Task<CheckResult> EvaluateAsync()
    {
        Log.End(_clock.NowMs());
        await _stop.CancelAsync();
        await _crowd.StopAsync();
        await Task.WhenAll(_watching);
        foreach (var seat in Fleet.Seats.Concat(Fleet.Silos)) await seat.StopAsync();
        var audit = new AuditReader();
        foreach (var seat in Fleet.Seats) audit.Read(seat.Name, Path.Combine(seat.Data, "audit"));
        var history = Log.With(audit, Crowd.WorkersEach + 1, Fleet.Seats.Count);
        history = history with { Phases = [.. history.Phases.Where(phase => phase.Name != "start")] };
        return Checker.Check(history, _workload, Fleet.Kind) with { Unavailable = audit.Unavailable };
    }

    public async ValueTask DisposeAsync()
    {
        await Fleet.DisposeAsync();
        _crowd.Dispose();
        _stop.Dispose();
    }

    private async Task StrikeAsync(IFault fault, long phaseMs, Random random, CancellationToken stop)
    {
        for (var endMs = _clock.NowMs() + phaseMs; _clock.NowMs() < endMs && !stop.IsCancellationRequested;)
        {
            var struck = await fault.StrikeAsync(Fleet, _clock, random);
            Log.Add(struck);
            foreach (var member in struck.Members.Intersect(Fleet.Serving.Select(seat => seat.Name)))
            {
                await _clock.UntilAsync(
                    () => Task.FromResult(Log.HasAdmitted(member, struck.HealedMs)), BackPatienceMs);
            }

            await RunClock.PassAsync(500 + random.Next(1500), stop);
        }
    }

    private async Task WatchAsync(Phase phase, long phaseMs, CancellationToken stop)
    {
        var before = await StoreWrites.CountAsync(Fleet);
        await RunClock.PassAsync(phaseMs, stop);
        phase.Writes = await StoreWrites.CountAsync(Fleet) - before;
    }
}
