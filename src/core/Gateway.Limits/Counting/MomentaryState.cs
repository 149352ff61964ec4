using Gateway.Limits.Model;

namespace Gateway.Limits.Counting;

/// <summary>
/// What one owner knows of a counter that gives out what may be used for a moment only, and the rules that keep it
/// exact. Each rule is a virtual method, so that a test can take one out and must then fail.
/// </summary>
internal abstract class MomentaryState(CounterKey key, CounterRules rules) : CounterMachine(key, rules)
{
    /// <summary>The time of the record: no write of it is older.</summary>
    public sealed override long WindowStartMs => Store.IsPresent ? Store.WindowStartMs : long.MinValue;

    /// <summary>What was charged at the last step, as far as this owner knows.</summary>
    public Amount Used => Amount.FromNano(Int128.Max(0, Present(Math.Max(LastMs, WindowStartMs), LastMax)));

    /// <summary>True if the store should be told of numbers that came back.</summary>
    public bool HoldsNumbers => !Returned.IsEmpty;

    /// <summary>The second, since the epoch, of the last admission.</summary>
    public long LastSecond { get; protected set; }

    /// <summary>The clock at the last step.</summary>
    protected long LastMs { get; set; }

    /// <summary>Whoever would wait until this, or not so long, has waited.</summary>
    protected long DeferMs { get; set; } = long.MinValue;

    /// <summary>Until when a number that was given out may be used.</summary>
    protected internal long LastUseMs { get; protected set; } = long.MinValue;

    /// <summary>Nothing is given out before this: the store lost what was counted.</summary>
    protected internal long QuarantineUntilMs { get; protected set; } = long.MinValue;

    /// <summary>
    /// Numbers of this owner that came back and that the record still counts, by <see cref="PlaceMs"/>.
    /// </summary>
    protected internal SlidingEntries Returned { get; protected set; } = SlidingEntries.Empty;

    /// <summary>Those of them that the write on its way takes out of the record.</summary>
    protected internal SlidingEntries Returning { get; protected set; } = SlidingEntries.Empty;

    /// <summary>The calls that the write on its way reserves for, with their costs.</summary>
    protected internal Dictionary<CallId, Int128> Served { get; private set; } = [];

    /// <inheritdoc/>
    internal override MomentaryState Copy()
    {
        var copy = (MomentaryState)base.Copy();
        copy.Served = new Dictionary<CallId, Int128>(Served);
        return copy;
    }

    /// <summary>The time by which a call is judged: the clock, never before the record.</summary>
    protected long TimeAt(long nowMs) => Math.Max(nowMs, WindowStartMs);

    /// <summary>
    /// What counts at this time, for calls of this maximum: what the record still counts, without what came back since.
    /// </summary>
    protected abstract Int128 Present(long timeMs, Amount max);

    /// <summary>The moment under which what is reserved at this time is known once it comes back.</summary>
    protected abstract long PlaceMs(long timeMs);

    /// <summary>The first such moment of which something still counts at this time.</summary>
    protected abstract long FirstCountedMs(long timeMs);

    /// <summary>The record that counts so much more from this time on, and no more what came back.</summary>
    protected abstract Reservation NextRecord(long timeMs, Int128 need, UInt128 nonce);

    /// <summary>When there is room for this call, if nothing else is admitted.</summary>
    protected abstract long FreeAtMs(in CounterRequest ask, long timeMs);

    /// <summary>The time of a part that takes nothing and says when all that counts is free again.</summary>
    protected abstract long LookMs(Int128 present, long nowMs);

    /// <summary>Whether the store is told at once of what came back, though nobody else would use it.</summary>
    protected virtual bool HandsBackAtOnce => !Rules.HasSoleOwner;

    /// <summary>
    /// A record that still counts cannot vanish or become older, unless the store went back in time.
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
    /// What became of those that came back with a write whose end is not known: they are given up, since it may yet be
    /// applied.
    /// </summary>
    protected virtual void GiveUpReturning() => Returning = SlidingEntries.Empty;

    /// <summary>The write was certainly not applied: what came back is still to be told.</summary>
    protected void KeepReturning()
    {
        Returned = Returned.With(Returning);
        Returning = SlidingEntries.Empty;
    }

    /// <summary>Forgets the calls and what came back, once nothing that this owner gave out counts any more.</summary>
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
