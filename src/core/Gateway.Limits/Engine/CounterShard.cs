using Gateway.Limits.Counting;
using Gateway.Limits.Counting.Compact;
using Gateway.Limits.Model;

namespace Gateway.Limits.Engine;

/// <summary>A subset of a table's counters, with the lock under which they are stepped one at a time.</summary>
internal sealed class CounterShard(CounterRunner runner, TimeProvider time, Func<long> clock) : ICounterHost
{
    /// <summary>Held for the duration of a step; never while waiting for anything.</summary>
    public Lock Lock { get; } = new();

    /// <summary>The counters, by key.</summary>
    public CompactTable<CounterRow> Counters { get; } = new();

    /// <summary>Calls whose reply comes later.</summary>
    public Dictionary<CallId, WaitingCall> Waiting { get; } = [];

    /// <summary>The effects of the current step.</summary>
    public CounterEffects Effects { get; } = new() { Permits = new PermitPool() };

    /// <inheritdoc/>
    public StoreRequest? Step(ICounter counter, in StoreReply reply)
    {
        StoreRequest? request;
        long? wakeAtMs;
        lock (Lock)
        {
            counter.OnReply(reply, clock(), Effects);
            (request, wakeAtMs) = Deliver_NeedsLock();
        }

        CarryOut(counter, null, wakeAtMs);
        return request;
    }

    /// <summary>Carries out the effects of a step that must be done without the lock.</summary>
    internal void CarryOut(ICounter counter, StoreRequest? request, long? wakeAtMs)
    {
        if (request is { } first) _ = runner.RunAsync(this, counter, first);
        if (wakeAtMs is { } atMs) _ = WakeAsync(counter, atMs);
    }

    /// <summary>Enumerates the counters; the current one may be removed during the enumeration.</summary>
    internal IEnumerable<(int Row, ICounter Counter)> All_NeedsLock()
    {
        for (var row = 0; row < Counters.End; row++)
            if (Counters[row].Counter is { } counter) yield return (row, counter);
    }

    /// <summary>
    /// Delivers the replies of a step, with the lock held, and returns the effects that must be carried out without it.
    /// </summary>
    internal (StoreRequest? Request, long? WakeAtMs) Deliver_NeedsLock()
    {
        foreach (var answer in Effects.Answers)
            if (Waiting.Remove(answer.Request.CallId, out var caller)) caller.Answer.SetResult(answer.Reply);
        var rest = (Effects.Request, Effects.WakeAtMs);
        Effects.Clear();
        return rest;
    }

    private async Task WakeAsync(ICounter counter, long wakeAtMs)
    {
        var waitMs = Math.Max(1, wakeAtMs - clock());
        await Task.Delay(TimeSpan.FromMilliseconds(waitMs), time);
        StoreRequest? request;
        long? againAtMs;
        lock (Lock)
        {
            counter.OnTimer(wakeAtMs, clock(), Effects);
            (request, againAtMs) = Deliver_NeedsLock();
        }

        CarryOut(counter, request, againAtMs);
    }
}

/// <summary>A row of a shard's index.</summary>
internal readonly struct CounterRow(ICounter counter) : ICompactRow
{
    /// <summary>The counter; null for an empty row.</summary>
    public ICounter? Counter { get; } = counter;

    /// <inheritdoc/>
    public CounterKey? Key => Counter?.Key;
}
