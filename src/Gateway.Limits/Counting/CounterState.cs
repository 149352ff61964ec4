namespace Gateway.Limits.Counting;

/// <summary>
/// What one owner of one counter holds, and the rules that keep it exact. Each rule is a virtual method, so that a test
/// can take one out and must then fail.
/// </summary>
internal abstract class CounterState(CounterKey key, CounterRules rules) : IPermitIssuer
{
    private CallLedger? _calls = rules.CallsMax > 0 ? new CallLedger(rules.CallsMax) : null;
    private NumbersInHand _hand;
    private StoreDialogue _store;
    private WaitingLine _line;
    private Demand _demand;
    private Tally _tally;
    private long _window = long.MinValue;
    private long _finishedWindow = long.MinValue;
    private float _lowWater;

    /// <summary>The counter.</summary>
    public CounterKey Key => key;

    /// <summary>Start of the window that it is in.</summary>
    public long WindowStartMs => _window;

    /// <summary>What is charged in that window, as far as this owner knows.</summary>
    public Amount Used => Amount.FromNano(Int128.Max(0, _store.Seen.ReservedIn(_window) - _hand.Total));

    /// <summary>True if nothing waits, nothing is on its way and nothing that was given out may come back.</summary>
    public bool IsIdle => IsQuiet && _tally.Count == 0;

    /// <summary>True if nothing waits and nothing is on its way.</summary>
    public bool IsQuiet => !_store.IsBusy && _line.Count == 0;

    /// <summary>True if numbers are in hand that would be lost if it were dropped now.</summary>
    public bool HoldsNumbers => !_hand.IsEmpty;

    /// <summary>The maximum of the last call.</summary>
    public Amount LastMax { get; protected set; }

    /// <summary>The second, since the epoch, of the last admission.</summary>
    public long LastSecond => _demand.LastSecond;

    /// <summary>What is the same for every counter of the engine.</summary>
    protected CounterRules Rules => rules;

    /// <summary>The call ids answered in this window; null where permits never leave the process.</summary>
    protected CallLedger? Calls => _calls;

    /// <summary>Numbers of the running window that this owner holds and has not given out.</summary>
    protected ref NumbersInHand Hand => ref _hand;

    /// <summary>The record as seen, and what is on its way.</summary>
    protected ref StoreDialogue Store => ref _store;

    /// <summary>The calls that wait.</summary>
    protected ref WaitingLine Line => ref _line;

    /// <summary>What the last second admitted.</summary>
    protected ref Demand Demand => ref _demand;

    /// <summary>What may come back.</summary>
    protected ref Tally Tally => ref _tally;

    /// <summary>Start of a window of which nothing is given out any more.</summary>
    protected ref long FinishedWindow => ref _finishedWindow;

    /// <summary>True if the hand is to be given back once nothing is on its way.</summary>
    protected bool HandsBackNext { get; set; }

    /// <summary>At this many numbers in hand, more are read ahead; 0 for never.</summary>
    protected ref float LowWater => ref _lowWater;

    /// <summary>Called without the driver's lock: a part given out in that epoch can no longer come back.</summary>
    void IPermitIssuer.Settle(CounterPermit part) => _tally.Remove(part.Epoch);

    /// <summary>The numbers that this owner remembers as out to that call.</summary>
    internal CounterPermit? OutFor(CallId id) =>
        _calls is not null && _calls.TryAnswer(id, out var verdict) ? verdict.Part : null;

    /// <summary>A copy that shares nothing that moves; permits stay with the original.</summary>
    internal CounterState Copy()
    {
        var copy = (CounterState)MemberwiseClone();
        copy._hand = _hand.Copy();
        copy._line = _line.Copy();
        copy._calls = _calls?.Copy();
        return copy;
    }

    /// <summary>The window of a call: by the clock, never below what this owner has seen.</summary>
    protected virtual long WindowAt(long nowMs)
    {
        var window = Math.Max(key.Window.StartMs(nowMs + rules.MarginMs), _window);
        return _store.Seen.IsPresent ? Math.Max(window, _store.Seen.Record.WindowStartMs) : window;
    }

    /// <summary>Numbers that are now certainly ours go beside those in hand, if their window still runs.</summary>
    protected virtual void Credit(Reservation written, Interval gain)
    {
        if (written.WindowStartMs != _window) return;
        _hand.Add(gain, rules.IntervalsMax);
        _lowWater = (float)gain.Length / 2;
    }

    /// <summary>Whether an attempt of unknown outcome was applied: only the own nonce says so.</summary>
    protected virtual bool HasLanded(Attempt attempt, Reservation record) => record.Nonce == attempt.Record.Nonce;

    /// <summary>Whether this reply settles the attempt: not once its outcome is being read.</summary>
    protected virtual bool IsOpen(Attempt attempt, uint token) => attempt.Token == token && _store.ReadToken == 0;

    /// <summary>Whether this run is the top of what is reserved.</summary>
    protected virtual bool MayHandBack(Interval run, SeenRecord seen) =>
        seen.IsCurrent && seen.ReservedIn(_window) == run.High;

    /// <summary>The run leaves the hand.</summary>
    protected virtual void DropForHandBack(Interval run) => _hand.DropHighest();

    /// <summary>Whether the record was looked at after this call arrived.</summary>
    protected virtual bool IsFresh(Waiter waiter) =>
        rules.HasSoleOwner || unchecked((int)(_store.Seen.Arrivals - waiter.Arrival)) >= 0;

    /// <summary>Whether nothing of this window can come back, so that a refusal may be remembered.</summary>
    protected virtual bool IsFinal => rules.HasSoleOwner && _tally.Count == 0;

    /// <summary>
    /// A record of the running window cannot vanish, become older or lose numbers that are in hand, unless the store
    /// went back in time: then nothing of this window is given out any more.
    /// </summary>
    protected virtual bool HasGoneBack(Reservation record) =>
        _store.Seen.IsPresent && _store.Seen.Record.WindowStartMs == _window
        && (record.Nonce == 0 || record.WindowStartMs < _window
            || (record.WindowStartMs == _window && record.Reserved < _hand.Highest.High));

    /// <summary>Enters the window of this instant, if it is another one, and forgets the last.</summary>
    protected void Roll(long nowMs)
    {
        var window = WindowAt(nowMs);
        if (window == _window) return;
        _window = window;
        _hand.Clear();
        _lowWater = 0;
        _calls?.Clear();
        _tally.Roll();
        _line.UnparkAll();
    }
}
