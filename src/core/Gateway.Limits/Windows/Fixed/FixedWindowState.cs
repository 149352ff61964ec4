using Gateway.Limits.Counting;
using Gateway.Limits.Counting.Compact;
using Gateway.Limits.Model;

namespace Gateway.Limits.Windows.Fixed;

/// <summary>
/// The numbers that one owner of one counter holds, and the rules that keep it exact. Each rule is a virtual method, so
/// that a test can disable one and must then fail.
/// </summary>
internal abstract class FixedWindowState(CounterKey key, CounterRules rules) : CounterMachine(key, rules)
{
    private PackedRun _lowestRun;
    private BlockSizing _blockSizing;
    private long _window = long.MinValue;
    private float _lowWater;

    /// <summary>Start of the current window.</summary>
    public sealed override long WindowStartMs => _window;

    /// <summary>End of the current window, which its start determines.</summary>
    protected virtual long WindowEndMs => Key.Window.EndMs(_window);

    /// <summary>The amount charged in the current window, as far as this owner knows.</summary>
    public Amount Used => Amount.FromNano(Int128.Max(0, Store.ReservedIn(_window) - Hand.Total));

    /// <summary>True if numbers are in hand that would be lost if the counter were dropped now.</summary>
    public bool HoldsNumbers => !Hand.IsEmpty;

    /// <summary>The second, since the epoch, of the last admission.</summary>
    public long LastSecond => _blockSizing.LastSecond;

    /// <summary>Numbers of the running window that this owner holds and has not given out.</summary>
    protected internal UnissuedRanges Hand => new(this);

    /// <summary>The admissions of the last second.</summary>
    protected internal ref BlockSizing BlockSizing => ref _blockSizing;

    /// <summary>When this many numbers are left in hand, more are read ahead; 0 for never.</summary>
    protected internal ref float LowWater => ref _lowWater;

    /// <inheritdoc/>
    public override long Prefetch(CallId id) => base.Prefetch(id) + _window + _blockSizing.LastSecond;

    /// <summary>The lowest contiguous run in hand. Only <see cref="UnissuedRanges"/> may use it.</summary>
    internal ref PackedRun LowestRun => ref _lowestRun;

    /// <summary>Returns a record that reserves the numbers of the window below this one.</summary>
    protected virtual Reservation Reserved(Int128 high) => new(_window, high, Rules.Nonces.Next());

    /// <summary>Returns the window of a call: by the clock, never below what this owner has seen.</summary>
    protected virtual long WindowAt(long nowMs)
    {
        // Nearly every call is in the window of the previous call; that check needs no division.
        var atMs = nowMs + Rules.MarginMs;
        var isInWindow = unchecked((ulong)(atMs - _window)) < (ulong)Key.Window.ShortestMs;
        var window = isInWindow ? _window : Math.Max(Key.Window.StartMs(atMs), _window);
        return Store.IsPresent ? Math.Max(window, Store.WindowStartMs) : window;
    }

    /// <summary>Gives out nothing more of this window, if it is still the current one.</summary>
    protected override void Finish(PendingWrite pendingWrite, long nowMs) =>
        IsFinished |= pendingWrite.Record.WindowStartMs == _window;

    /// <inheritdoc/>
    protected override void ApplyWrite(PendingWrite pendingWrite, long nowMs, CounterEffects effects) =>
        ApplyWrite(pendingWrite.Record, pendingWrite.Reserved);

    /// <inheritdoc/>
    protected override void UndoWrite(PendingWrite pendingWrite) =>
        ApplyWrite(pendingWrite.Record, pendingWrite.Returned);

    /// <summary>Adds numbers that are now certainly ours to those in hand, if their window still runs.</summary>
    protected virtual void ApplyWrite(Reservation written, NumberRange gain)
    {
        if (written.WindowStartMs != _window) return;
        Hand.Add(gain, Rules.IntervalsMax);
        _lowWater = (float)gain.Length / 2;
    }

    /// <summary>Returns true if this run is the top of the reserved numbers.</summary>
    protected virtual bool MayReturn(NumberRange run, CachedRecord seen) =>
        seen.IsValid && seen.ReservedIn(_window) == run.High;

    /// <summary>Removes the returned run.</summary>
    protected virtual void DropReturned(NumberRange run) => Hand.DropHighest();

    /// <summary>
    /// Returns true if the store went back in time: otherwise a record of the running window cannot vanish, become
    /// older or lose numbers that are in hand. Nothing more of this window is given out then.
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
    protected sealed override void Close(long closedBeforeMs, long nowMs) =>
        IsFinished |= closedBeforeMs > 0 && Math.Max(_window, Key.GenerationFromMs) < closedBeforeMs;

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
