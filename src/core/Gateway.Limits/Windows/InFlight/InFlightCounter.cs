using Gateway.Limits.Counting;
using Gateway.Limits.Model;
using Gateway.Limits.Windows.Sliding;

namespace Gateway.Limits.Windows.InFlight;

/// <summary>
/// One owner of one counter of calls in flight. A place is an entry of the record by the moment at which it expires; to
/// renew one is to move it to a later moment in one write, which leaves as many as there were.
/// </summary>
internal class InFlightCounter(CounterKey key, CounterRules rules) : SlidingWindowCounter(key, rules)
{
    /// <summary>The renewals that the write on its way, or the next, makes: how much, and of which moment.</summary>
    private Dictionary<CallId, SlidingEntry> _moving = [];

    /// <inheritdoc/>
    /// <remarks>A place that came free after a restart is otherwise taken until it expires.</remarks>
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
    /// <remarks>A renewal needs no room, but the place that it renews.</remarks>
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
    /// Whoever renews has sent its call. If it does not wait for the answer any more, the place stays taken until it
    /// expires: to give it back would free it under a call that goes on.
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
    /// <remarks>When there is room, nobody knows; it may be any moment, so the refusal is never final.</remarks>
    protected override CounterReply Refuse(RefusalKind kind, in CounterRequest ask, long nowMs) =>
        kind != RefusalKind.NoRoom
            ? base.Refuse(kind, ask, nowMs)
            : CounterReply.Refused(new CounterRefusal(
                kind, Amount.FromNano(Present(TimeAt(nowMs), ask.Max)), long.MinValue));

    /// <summary>Whether so many places expire at this moment that no renewal moves yet.</summary>
    protected virtual bool Holds(long expiresMs, Int128 count)
    {
        foreach (var moved in _moving.Values)
            if (moved.DeadlineMs == expiresMs) count += moved.Count;
        foreach (var entry in Entries(TimeAt(LastMs)).All)
            if (entry.DeadlineMs == expiresMs) return entry.Count >= count;
        return false;
    }
}
