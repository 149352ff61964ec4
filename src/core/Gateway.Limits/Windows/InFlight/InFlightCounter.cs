using Gateway.Limits.Counting;
using Gateway.Limits.Model;
using Gateway.Limits.Windows.Sliding;

namespace Gateway.Limits.Windows.InFlight;

/// <summary>
/// One owner of one counter of calls in flight. A slot is an entry of the record by the moment at which it expires.
/// Renewing one moves it to a later moment in one write, which keeps the total.
/// </summary>
internal class InFlightCounter(CounterKey key, CounterRules rules) : SlidingWindowCounter(key, rules)
{
    /// <summary>
    /// The renewals that the write in progress, or the next one, makes: the amount, and the moment that it moves from.
    /// </summary>
    private Dictionary<CallId, SlidingEntry> _moving = [];

    /// <inheritdoc/>
    /// <remarks>A slot that was freed after a restart would otherwise stay taken until it expires.</remarks>
    protected override bool HandsBackAtOnce => true;

    /// <inheritdoc/>
    internal override InFlightCounter Copy()
    {
        var copy = (InFlightCounter)base.Copy();
        copy._moving = new(_moving);
        return copy;
    }

    /// <inheritdoc/>
    protected override long FirstCountedMs(long timeMs) => timeMs - (2 * ClockBounds.EpsilonMs);

    /// <inheritdoc/>
    protected override long DeadlineMs(long timeMs) => timeMs + Key.Window.ShortestMs;

    /// <inheritdoc/>
    protected override Reservation NextRecord(long timeMs, Int128 need, UInt128 nonce)
    {
        var moved = SlidingEntries.Empty;
        foreach (var (fromMs, count) in _moving.Values) moved = moved.With(fromMs, count);
        var before = Entries(timeMs);
        var entries = (before.Without(moved) ?? before).With(DeadlineMs(timeMs), need);
        return new Reservation(timeMs, entries.Total, nonce) { Entries = entries };
    }

    /// <inheritdoc/>
    protected override long FreeAtMs(in CounterRequest ask, long timeMs) => timeMs;

    /// <inheritdoc/>
    /// <remarks>A renewal needs no room except the slot that it renews.</remarks>
    protected override bool HasRoom(in CounterRequest ask, Int128 taken) =>
        ask.RenewsMs == 0 ? base.HasRoom(ask, taken) : Holds(DeadlineMs(ask.RenewsMs), ask.Cost.Nano);

    /// <inheritdoc/>
    protected override Int128 TakeOver(in CounterRequest ask)
    {
        if (ask.RenewsMs == 0) return 0;
        _moving[ask.CallId] = new SlidingEntry(DeadlineMs(ask.RenewsMs), ask.Cost.Nano);
        return ask.Cost.Nano;
    }

    /// <inheritdoc/>
    /// <remarks>
    /// A call that renews its slot has been sent. If it no longer waits for the reply, the slot stays taken until it
    /// expires: giving it back would free it under a call that is still running.
    /// </remarks>
    protected override Int128 StaysTaken(IEnumerable<CallId> unanswered)
    {
        Int128 taken = 0;
        foreach (var id in unanswered)
            if (_moving.TryGetValue(id, out var moved)) taken += moved.Count;
        return taken;
    }

    /// <inheritdoc/>
    protected override void ApplyWrite(PendingWrite pendingWrite, long nowMs, CounterEffects effects)
    {
        base.ApplyWrite(pendingWrite, nowMs, effects);
        _moving.Clear();
    }

    /// <inheritdoc/>
    protected override void UndoWrite(PendingWrite pendingWrite)
    {
        base.UndoWrite(pendingWrite);
        _moving.Clear();
    }

    /// <inheritdoc/>
    protected override void GiveUpWrite()
    {
        base.GiveUpWrite();
        _moving.Clear();
    }

    /// <inheritdoc/>
    /// <remarks>It is unknown when there is room; it may be any moment, so the refusal is never final.</remarks>
    protected override CounterReply Refuse(RefusalKind kind, in CounterRequest ask, long nowMs) =>
        kind != RefusalKind.NoRoom
            ? base.Refuse(kind, ask, nowMs)
            : CounterReply.Refused(new CounterRefusal(
                kind, Amount.FromNano(Present(TimeAt(nowMs), ask.Max)), long.MinValue));

    /// <summary>Returns true if this many slots, which no renewal moves yet, expire at this moment.</summary>
    protected virtual bool Holds(long expiresMs, Int128 count)
    {
        foreach (var moved in _moving.Values)
            if (moved.DeadlineMs == expiresMs) count += moved.Count;
        foreach (var entry in Entries(TimeAt(LastMs)).All)
            if (entry.DeadlineMs == expiresMs) return entry.Count >= count;
        return false;
    }
}
