using Gateway.Limits.Counting;
using Gateway.Limits.Counting.Compact;
using Gateway.Limits.Model;

namespace Gateway.Limits.Windows.Fixed;

/// <summary>
/// What one owner of one counter holds, and the rules that keep it exact. Each rule is a virtual method, so that a test
/// can take one out and must then fail.
/// </summary>
internal abstract class FixedWindowState(CounterKey key, CounterRules rules) : CounterMachine(key, rules)
{
    private PackedRun _lowestRun;
    private BlockSizing _blockSizing;
    private long _window = long.MinValue;
    private float _lowWater;

    /// <summary>Start of the window that it is in.</summary>
    public sealed override long WindowStartMs => _window;

    /// <summary>End of that window, which its start alone says.</summary>
    protected virtual long WindowEndMs => Key.Window.EndMs(_window);

    /// <summary>What is charged in that window, as far as this owner knows.</summary>
    public Amount Used => Amount.FromNano(Int128.Max(0, Store.ReservedIn(_window) - Hand.Total));

    /// <summary>True if numbers are in hand that would be lost if it were dropped now.</summary>
    public bool HoldsNumbers => !Hand.IsEmpty;

    /// <summary>The second, since the epoch, of the last admission.</summary>
    public long LastSecond => _blockSizing.LastSecond;

    /// <summary>Numbers of the running window that this owner holds and has not given out.</summary>
    protected internal UnissuedRanges Hand => new(this);

    /// <summary>What the last second admitted.</summary>
    protected internal ref BlockSizing BlockSizing => ref _blockSizing;

    /// <summary>At this many numbers in hand, more are read ahead; 0 for never.</summary>
    protected internal ref float LowWater => ref _lowWater;

    /// <inheritdoc/>
    public override long Prefetch(CallId id) => base.Prefetch(id) + _window + _blockSizing.LastSecond;

    /// <summary>The lowest unbroken run in hand, for <see cref="UnissuedRanges"/> alone.</summary>
    internal ref PackedRun LowestRun => ref _lowestRun;

    /// <summary>A record by which the numbers of the window below this one are reserved.</summary>
    protected virtual Reservation Reserved(Int128 high) => new(_window, high, Rules.Nonces.Next());

    /// <summary>The window of a call: by the clock, never below what this owner has seen.</summary>
    protected virtual long WindowAt(long nowMs)
    {
        // Nearly every call is in the window of the call before it; to see that takes no division.
        var atMs = nowMs + Rules.MarginMs;
        var isInWindow = unchecked((ulong)(atMs - _window)) < (ulong)Key.Window.ShortestMs;
        var window = isInWindow ? _window : Math.Max(Key.Window.StartMs(atMs), _window);
        return Store.IsPresent ? Math.Max(window, Store.WindowStartMs) : window;
    }

    /// <summary>Nothing of this window is given out any more, if it is still the one that it is in.</summary>
    protected override void Finish(PendingWrite pendingWrite, long nowMs) =>
        IsFinished |= pendingWrite.Record.WindowStartMs == _window;

    /// <inheritdoc/>
    protected override void ApplyWrite(PendingWrite pendingWrite, long nowMs, CounterEffects effects) =>
        ApplyWrite(pendingWrite.Record, pendingWrite.Reserved);

    /// <inheritdoc/>
    protected override void UndoWrite(PendingWrite pendingWrite) =>
        ApplyWrite(pendingWrite.Record, pendingWrite.Returned);

    /// <summary>Numbers that are now certainly ours go beside those in hand, if their window still runs.</summary>
    protected virtual void ApplyWrite(Reservation written, NumberRange gain)
    {
        if (written.WindowStartMs != _window) return;
        Hand.Add(gain, Rules.IntervalsMax);
        _lowWater = (float)gain.Length / 2;
    }

    /// <summary>Whether this run is the top of what is reserved.</summary>
    protected virtual bool MayReturn(NumberRange run, CachedRecord seen) =>
        seen.IsValid && seen.ReservedIn(_window) == run.High;

    /// <summary>The run leaves the hand.</summary>
    protected virtual void DropReturned(NumberRange run) => Hand.DropHighest();

    /// <summary>
    /// A record of the running window cannot vanish, become older or lose numbers that are in hand, unless the store
    /// went back in time: then nothing of this window is given out any more.
    /// </summary>
    protected override bool HasGoneBack(Reservation record, long nowMs) =>
        Store.IsPresent && Store.WindowStartMs == _window
        && (record.Nonce == 0 || record.WindowStartMs < _window
            || (record.WindowStartMs == _window && record.Reserved < Hand.Highest.High));

    /// <inheritdoc/>
    protected sealed override bool IsQuarantined(long nowMs) => IsFinished;

    /// <inheritdoc/>
    protected override void Quarantine(long nowMs)
    {
        IsFinished = true;
        Hand.Clear();
    }

    /// <inheritdoc/>
    protected override void AdvanceWindow(long nowMs)
    {
        var window = WindowAt(nowMs);
        if (window == _window) return;
        _window = window;
        IsFinished = false;
        Hand.Clear();
        _lowWater = 0;
        Calls?.Clear();
        Outstanding.AdvanceWindow();
        Line.UnparkAll();
    }
}
