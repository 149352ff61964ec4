using Gateway.Limits.Model;

namespace Gateway.Limits.Counting;

/// <summary>
/// The state that one owner keeps of a counter whose numbers may be used for a moment only, and the rules that keep it
/// exact. Each rule is a virtual method, so that a test can disable one and must then fail.
/// </summary>
internal abstract class MomentaryState(CounterKey key, CounterRules rules) : CounterMachine(key, rules)
{
    /// <summary>The time of the record. No write of the record is older.</summary>
    public sealed override long WindowStartMs => Store.IsPresent ? Store.WindowStartMs : long.MinValue;

    /// <summary>The amount charged at the last step, as far as this owner knows.</summary>
    public Amount Used => Amount.FromNano(Int128.Max(0, Present(Math.Max(LastMs, WindowStartMs), LastMax)));

    /// <summary>True if the store has yet to record numbers that came back.</summary>
    public bool HoldsNumbers => !Returned.IsEmpty;

    /// <summary>The second, since the epoch, of the last admission.</summary>
    public long LastSecond { get; protected set; }

    protected long LastMs { get; set; }

    /// <summary>Calls that wait until this time or earlier have stopped waiting.</summary>
    protected long DeferMs { get; set; } = long.MinValue;

    /// <summary>The last time at which a number that was given out may be used.</summary>
    protected internal long LastUseMs { get; protected set; } = long.MinValue;

    /// <summary>Nothing is given out before this time, because the store lost counted numbers.</summary>
    protected internal long QuarantineUntilMs { get; protected set; } = long.MinValue;

    /// <summary>
    /// Numbers of this owner that came back and that the record still counts, by <see cref="PlaceMs"/>.
    /// </summary>
    protected internal SlidingEntries Returned { get; protected set; } = SlidingEntries.Empty;

    /// <summary>The returned numbers that the write in progress removes from the record.</summary>
    protected internal SlidingEntries Returning { get; protected set; } = SlidingEntries.Empty;

    /// <summary>The calls that the write in progress reserves for, with their costs.</summary>
    protected internal Dictionary<CallId, Int128> Served { get; private set; } = [];

    /// <inheritdoc/>
    internal override MomentaryState Copy()
    {
        var copy = (MomentaryState)base.Copy();
        copy.Served = new Dictionary<CallId, Int128>(Served);
        return copy;
    }

    /// <summary>Returns the time at which a call is evaluated: the clock, but never before the record.</summary>
    protected long TimeAt(long nowMs) => Math.Max(nowMs, WindowStartMs);

    /// <summary>
    /// Returns the amount that counts at this time for calls of this maximum: what the record still counts, less the
    /// numbers that came back since.
    /// </summary>
    protected abstract Int128 Present(long timeMs, Amount max);

    /// <summary>Returns the time under which a number reserved at this time is filed when it comes back.</summary>
    protected abstract long PlaceMs(long timeMs);

    /// <summary>Returns the earliest such time that still counts at this time.</summary>
    protected abstract long FirstCountedMs(long timeMs);

    /// <summary>
    /// Returns the next record, which counts this much more from this time on and no longer counts the returned
    /// numbers.
    /// </summary>
    protected abstract Reservation NextRecord(long timeMs, Int128 need, UInt128 nonce);

    /// <summary>Returns when there is room for this call, if nothing else is admitted.</summary>
    protected abstract long FreeAtMs(in CounterRequest ask, long timeMs);

    /// <summary>
    /// Returns the time of a part that takes nothing and reports when everything that counts is free again.
    /// </summary>
    protected abstract long LookMs(Int128 present, long nowMs);

    /// <summary>
    /// True if the store is updated at once with returned numbers, even if no other owner would use them.
    /// </summary>
    protected virtual bool HandsBackAtOnce => !Rules.HasSoleOwner;

    /// <summary>
    /// Returns true if the store went back in time: otherwise a record that still counts cannot vanish or become older.
    /// </summary>
    protected override bool HasGoneBack(Reservation record, long nowMs)
    {
        if (!Store.IsPresent) return false;
        var endMs = Key.RecordEndMs(WindowStartMs);
        if (endMs <= nowMs + (2 * ClockBounds.EpsilonMs)) return false;
        return record.Nonce == 0 || record.WindowStartMs < WindowStartMs;
    }

    /// <inheritdoc/>
    protected sealed override bool IsQuarantined(long nowMs) => nowMs < QuarantineUntilMs;

    /// <summary>
    /// Abandons the returned numbers of a write with an unknown outcome, since it may still be applied.
    /// </summary>
    protected virtual void GiveUpReturning() => Returning = SlidingEntries.Empty;

    /// <summary>
    /// Keeps the returned numbers of a write that was certainly not applied, so that the next write removes them.
    /// </summary>
    protected void KeepReturning()
    {
        Returned = Returned.With(Returning);
        Returning = SlidingEntries.Empty;
    }

    /// <summary>
    /// Forgets the calls and the returned numbers once nothing that this owner gave out counts any more.
    /// </summary>
    protected sealed override void AdvanceWindow(long nowMs)
    {
        LastMs = nowMs;
        if (LastUseMs == long.MinValue || nowMs < Key.RecordEndMs(LastUseMs)) return;
        Outstanding.AdvanceWindow();
        Calls?.Clear();
        Returned = SlidingEntries.Empty;
        LastUseMs = long.MinValue;
    }
}
