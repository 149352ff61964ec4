namespace Gateway.Cluster.Tests.Clocks;

/// <summary>
/// Callers of many counters, fixed and sliding, none of which is ever used up: every refusal is the engine's.
/// </summary>
internal sealed class SteadyCalls(SiloFleet fleet, ClusterEngine limiter)
{
    private const int Keys = 48;
    private const int Callers = 12;
    private const int Max = 1_000_000;
    private const int AnswerMs = 1000;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);

    private readonly ConcurrentQueue<(string Kind, long Ms, string? Refusal)> _calls = new();

    /// <summary>Refusals that do not say "unavailable, and ask again then".</summary>
    public ConcurrentQueue<string> Odd { get; } = new();

    /// <summary>Calls until told to stop.</summary>
    public async Task RunAsync(CancellationToken stop) =>
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(() => CallAsync(caller, stop))));

    /// <summary>
    /// What was seen since the last time, for each kind of limit. A question that is not answered within a second is
    /// denied wherever the machine stalls so long: those are counted by themselves.
    /// </summary>
    public IReadOnlyList<(string Kind, int Calls, int Denied, int Unanswered, long SlowestMs, string Reasons)> Take()
    {
        var calls = new List<(string Kind, long Ms, string? Refusal)>();
        while (_calls.TryDequeue(out var call)) calls.Add(call);
        return
        [
            .. calls.GroupBy(call => call.Kind).OrderBy(kind => kind.Key).Select(kind => (
                kind.Key, kind.Count(), kind.Count(call => call.Refusal is not null && call.Ms < AnswerMs),
                kind.Count(call => call.Refusal is not null && call.Ms >= AnswerMs), kind.Max(call => call.Ms),
                string.Join(" | ", kind.Where(call => call.Refusal is not null).Select(call => call.Refusal)
                    .Distinct().Take(2)))),
        ];
    }

    private async Task CallAsync(int caller, CancellationToken stop)
    {
        using var pace = new PeriodicTimer(Pace);
        for (var turn = caller; !stop.IsCancellationRequested; turn++)
        {
            var kind = turn % 2 == 0 ? WindowKind.Fixed : WindowKind.Sliding;
            Assert.True(Window.TryFromSeconds(10, out var window));
            var key = new CounterKey(LimitScope.Grant, "agent@afip", $"steady-{turn % Keys}", kind, window);
            var began = TimeProvider.System.GetTimestamp();
            var refusal = await CallAsync(key);
            _calls.Enqueue((kind.Name, (long)TimeProvider.System.GetElapsedTime(began).TotalMilliseconds, refusal));
            await pace.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    /// <summary>As the gateway calls: for a permit that has expired it asks again, three times at most.</summary>
    private async Task<string?> CallAsync(CounterKey key)
    {
        var cost = new LimitCost(key, Amount.FromUnits(Max), Amount.One);
        for (var attempt = 0; attempt < 3; attempt++)
        {
            var request = new LimitRequest(CallId.New(), fleet.Clock.NowMs(), [cost]);
            var decision = await limiter.AcquireAsync(request, default);
            if (decision.Refusal is { } refusal)
            {
                if (refusal.Kind != RefusalKind.EngineUnavailable || decision.RetryAfterMs is not > 0)
                    Odd.Enqueue($"{refusal.Kind}, again in {decision.RetryAfterMs} ms: {refusal.Reason}");
                return refusal.Reason.Replace(key.Counter, "X", StringComparison.Ordinal);
            }

            var outcome = decision.Permit.TrySpend(fleet.Clock.NowMs(), out var waitMs);
            if (outcome == SpendOutcome.Wait)
            {
                using var wait = new PeriodicTimer(TimeSpan.FromMilliseconds(Math.Max(1, (long)waitMs)));
                await wait.WaitForNextTickAsync();
                outcome = decision.Permit.TrySpend(fleet.Clock.NowMs(), out waitMs);
            }

            if (outcome == SpendOutcome.Spent) return null;
            await limiter.ReleaseAsync(decision.Permit, default);
        }

        return "the permit expired three times";
    }
}
