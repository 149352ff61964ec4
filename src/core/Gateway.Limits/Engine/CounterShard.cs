using Gateway.Limits.Counting;
using Gateway.Limits.Counting.Compact;
using Gateway.Limits.Model;

namespace Gateway.Limits.Engine;

/// <summary>Some of the counters of a table, with the lock that steps them one at a time.</summary>
internal sealed class CounterShard(CounterRunner runner, TimeProvider time, Func<long> clock) : ICounterHost
{
    /// <summary>Held for the length of a step; never while waiting for anything.</summary>
    public Lock Lock { get; } = new();

    /// <summary>The counters, by key.</summary>
    public CompactTable<CounterRow> Counters { get; } = new();

    /// <summary>Calls whose answer comes later.</summary>
    public Dictionary<CallId, WaitingCall> Waiting { get; } = [];

    /// <summary>What the present step wants done.</summary>
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

    /// <summary>After a step, without the lock.</summary>
    internal void CarryOut(ICounter counter, StoreRequest? request, long? wakeAtMs)
    {
        if (request is { } first) _ = runner.RunAsync(this, counter, first);
        if (wakeAtMs is { } atMs) _ = WakeAsync(counter, atMs);
    }

    /// <summary>The counters, one after the other; the present one may be removed meanwhile.</summary>
    internal IEnumerable<(int Row, ICounter Counter)> All_NeedsLock()
    {
        for (var row = 0; row < Counters.End; row++)
            if (Counters[row].Counter is { } counter) yield return (row, counter);
    }

    /// <summary>
    /// After a step, with the lock held: answers those who wait, and hands out what must be done without the lock.
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
