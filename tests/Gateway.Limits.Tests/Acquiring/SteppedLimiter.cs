namespace Gateway.Limits.Tests.Acquiring;

/// <summary>
/// An exact engine in memory whose every answer comes some turns after its question, at times not at all though it was
/// carried out, and whose caller is at times killed between two of them. Each counter has an owner with a clock of its
/// own, a little off.
/// </summary>
internal sealed class SteppedLimiter(Turns turns, Func<long> nowMs) : ILimiter
{
    private readonly Dictionary<string, (long StartMs, int Used)> _counters = [];
    private readonly Dictionary<string, long> _skewMs = [];

    /// <summary>What is asked in place of a look at this cost, where a test plants a fault; null for nothing.</summary>
    public Func<LimitCost, LimitCost> Replaced { get; init; } = static cost => cost;

    /// <summary>Whether a look takes what it looks at: a planted fault.</summary>
    public bool TakesByLooking { get; init; }

    public async ValueTask<LimitDecision> AcquireAsync(LimitRequest request, CancellationToken cancellationToken)
    {
        await turns.NextAsync();
        var parts = new List<CounterPermit>();
        foreach (var asked in request.Costs)
        {
            var cost = Replaced(asked);
            var (startMs, used) = Current(cost.Key);
            if (used >= (int)(cost.Max.Nano / Amount.One.Nano))
            {
                foreach (var part in parts) GiveBack(part);
                return LimitDecision.Refuse(
                    new LimitRefusal(0, RefusalKind.NoRoom, cost.Max, Amount.Zero, startMs, "full"), 1);
            }

            _counters[cost.Key.Text] = (startMs, used + 1);
            parts.Add(new CounterPermit(cost.Key, cost.Max, Amount.One, startMs, [], Amount.One));
            await turns.NextAsync(killedOneIn: 100);
        }

        if (turns.Random.Next(12) == 0)
            return LimitDecision.Refuse(
                new LimitRefusal(-1, RefusalKind.EngineUnavailable, Amount.Zero, Amount.Zero, 0, "lost"), 1);
        return LimitDecision.Admit(new Permit(request.CallId, [.. parts]));
    }

    public async ValueTask<LimitDecision> PeekAsync(LimitRequest request, CancellationToken cancellationToken)
    {
        if (TakesByLooking) return await AcquireAsync(request, cancellationToken);
        await turns.NextAsync();
        var cost = Replaced(request.Costs[0]);
        var (startMs, used) = Current(cost.Key);
        await turns.NextAsync();
        return used < (int)(cost.Max.Nano / Amount.One.Nano)
            ? LimitDecision.Admit(Permit.None)
            : LimitDecision.Refuse(
                new LimitRefusal(0, RefusalKind.NoRoom, cost.Max, Amount.Zero, startMs, "full"), 1);
    }

    public async ValueTask ReleaseAsync(Permit permit, CancellationToken cancellationToken)
    {
        if (!permit.TryClose()) return;
        await turns.NextAsync(killedOneIn: 100);
        foreach (var part in permit.Parts) GiveBack(part);
    }

    public ValueTask RefundAsync(Permit permit, CancellationToken cancellationToken) =>
        ReleaseAsync(permit, cancellationToken);

    /// <inheritdoc/>
    /// <remarks>It counts values only.</remarks>
    public ValueTask<Permit> RenewAsync(Permit permit, CallId renewal) => throw new NotSupportedException();

    private (long StartMs, int Used) Current(CounterKey key)
    {
        if (!_skewMs.TryGetValue(key.Text, out var skewMs))
            _skewMs[key.Text] = skewMs = turns.Random.Next(-ClockBounds.EpsilonMs, ClockBounds.EpsilonMs + 1);
        var startMs = key.Window.StartMs(nowMs() + skewMs);
        var known = _counters.GetValueOrDefault(key.Text, (StartMs: startMs, Used: 0));
        return known.StartMs >= startMs ? known : (startMs, 0);
    }

    private void GiveBack(CounterPermit part)
    {
        var (startMs, used) = _counters[part.Key.Text];
        if (startMs == part.WindowStartMs) _counters[part.Key.Text] = (startMs, used - 1);
    }
}
