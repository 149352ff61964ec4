using System.Collections.Immutable;

namespace Gateway.Limits.Model;

/// <summary>
/// The numbers of one counter's window that one call holds. Valid while its permit lives; then the object may be
/// reused.
/// </summary>
public sealed class CounterPermit
{
    private const int IsOut = 0;
    private const int IsCommitted = 1;
    private const int IsClosed = 2;

    private readonly PermitPool? _pool;
    private NumberRange _only;
    private ImmutableArray<NumberRange> _more;
    private PermitLife _permit;

    /// <summary>The state of the numbers; changed only by the thread that spends or has ended the permit.</summary>
    private int _state;

    /// <summary>Creates a part for numbers that an owner has issued.</summary>
    public CounterPermit(
        CounterKey key,
        Amount max,
        Amount cost,
        long windowStartMs,
        ImmutableArray<NumberRange> intervals,
        Amount usedAfter)
        : this(key, max, cost, windowStartMs, default, intervals, usedAfter)
    {
    }

    /// <summary>Creates a part with one interval, which is the usual case and needs no array.</summary>
    public CounterPermit(
        CounterKey key,
        Amount max,
        Amount cost,
        long windowStartMs,
        NumberRange only,
        ImmutableArray<NumberRange> more,
        Amount usedAfter)
    {
        (Key, Max, Cost, UsedAfter) = (key, max, cost, usedAfter);
        (WindowStartMs, WindowEndMs) = (windowStartMs, key.Kind.DeadlineMs(key.Window, windowStartMs));
        (_only, _more) = (only, more);
    }

    /// <summary>Creates a reusable part; <see cref="Fill"/> must be called before each use.</summary>
    internal CounterPermit(PermitPool pool)
    {
        _pool = pool;
        Key = null!;
    }

    /// <summary>The counter.</summary>
    public CounterKey Key { get; private set; }

    /// <summary>The maximum that the call was evaluated against; every number is below it.</summary>
    public Amount Max { get; private set; }

    /// <summary>The amount that was taken: the sum of the call's costs on this key.</summary>
    public Amount Cost { get; private set; }

    /// <summary>
    /// Start of the window, Unix milliseconds UTC; for a sliding limit, its owner's clock at the time of the
    /// reservation.
    /// </summary>
    public long WindowStartMs { get; private set; }

    /// <summary>
    /// The deadline (exclusive): the end of the window; for a sliding limit, a moment after the reservation.
    /// </summary>
    public long WindowEndMs { get; set; }

    /// <summary>
    /// When everything charged now is free again: the end of the window; for a sliding limit, when this part has slid
    /// out.
    /// </summary>
    public long ResetAtMs => Key.Kind.ResetAtMs(this);

    /// <summary>
    /// The numbers: disjoint, below <see cref="Max"/>, of total length <see cref="Cost"/>, unique in the window. Empty
    /// for a sliding limit, which counts and does not number.
    /// </summary>
    public ImmutableArray<NumberRange> Intervals => _more.IsDefault ? [_only] : _more;

    /// <summary>The numbers, without allocating an array for a single interval.</summary>
    public ReadOnlySpan<NumberRange> IntervalSpan => _more.IsDefault ? new(in _only) : _more.AsSpan();

    /// <summary>The amount charged in the window, this call included, as its owner knows it.</summary>
    public Amount UsedAfter { get; private set; }

    /// <summary>The amount that the window could still admit after this call.</summary>
    public Amount RemainingAfter => UsedAfter < Max ? Amount.FromNano(Max.Nano - UsedAfter.Nano) : Amount.Zero;

    /// <summary>The part of <see cref="Cost"/> that is given back if the server responds with an error.</summary>
    public Amount Refundable { get; set; }

    /// <summary>The owner, or its representative in this process. Only it takes the numbers back.</summary>
    public IPermitIssuer? Issuer { get; set; }

    /// <summary>The owner's window epoch at the time of issue.</summary>
    internal int Epoch { get; set; }

    /// <summary>The next part of the same permit; in a pool, the next free part.</summary>
    internal CounterPermit? Next { get; set; }

    /// <summary>In a pool: the number of parts up to this one.</summary>
    internal int Depth { get; set; }

    /// <summary>In the first part of a permit: the call that it was given to.</summary>
    internal CallId CallId { get; set; }

    /// <summary>In the first part of a permit: the dead band at each edge of its windows, in milliseconds.</summary>
    internal int MarginMs { get; set; }

    /// <summary>In the first part of a permit: the state of the permit.</summary>
    internal ref PermitLife Life => ref _permit;

    /// <summary>True if the numbers are one interval; false for a sliding limit, which has none.</summary>
    internal bool IsOneInterval => _more.IsDefault;

    /// <summary>
    /// True if an owner only repeated an earlier reply to this call. Nothing comes back by such a part.
    /// </summary>
    internal bool IsRepeat { get; init; }

    /// <summary>One past the highest number.</summary>
    internal Int128 Top => _more.IsDefault ? _only.High : _more.IsEmpty ? 0 : _more[^1].High;

    /// <summary>
    /// Returns true if the part may no longer be used. The dead band applies to the edges of a window.
    /// </summary>
    internal bool IsOver(long nowMs, int marginMs) =>
        nowMs >= WindowEndMs - Key.Kind.EdgeMs(marginMs);

    /// <summary>Returns the highest numbers of the part with this total length.</summary>
    internal ImmutableArray<NumberRange> Last(Amount amount)
    {
        if (amount == Cost) return Intervals;
        var left = amount.Nano;
        var last = ImmutableArray.CreateBuilder<NumberRange>();
        for (var i = Intervals.Length - 1; i >= 0 && left > 0; i--)
        {
            var numberRange = Intervals[i];
            if (numberRange.Length > left) numberRange = new NumberRange(numberRange.High - left, numberRange.High);
            last.Add(numberRange);
            left -= numberRange.Length;
        }

        return last.DrainToImmutable();
    }

    /// <summary>
    /// Returns the highest numbers if they are one interval, as they nearly always are; otherwise false.
    /// </summary>
    internal bool TryGetLast(Amount amount, out NumberRange last)
    {
        last = new NumberRange(_only.High - amount.Nano, _only.High);
        return _more.IsDefault;
    }

    /// <summary>
    /// Returns the permit of a call with this part alone. All callers receive the same permit, which is spent once.
    /// </summary>
    internal Permit AsPermit(CallId id, int marginMs) => new(id, this, marginMs);

    /// <summary>Notes that the numbers can no longer come back.</summary>
    internal void Commit()
    {
        if (_state != IsOut) return;
        _state = IsCommitted;
        Issuer?.Commit(this);
    }

    /// <summary>Notes that the numbers come back. True the first time only.</summary>
    public bool TryClose()
    {
        if (_state == IsClosed) return false;
        var wasOut = _state == IsOut;
        _state = IsClosed;
        if (wasOut) Issuer?.Commit(this);
        return true;
    }

    /// <summary>Fills a pooled part with new numbers.</summary>
    internal CounterPermit Fill(
        CounterKey key,
        in CounterRequest ask,
        long windowStartMs,
        NumberRange only,
        ImmutableArray<NumberRange> more,
        Amount usedAfter)
    {
        // A pooled part mostly returns to the same counter, in the same window.
        if (!ReferenceEquals(Key, key) || WindowStartMs != windowStartMs)
            (Key, WindowStartMs, WindowEndMs) = (key, windowStartMs, key.Kind.DeadlineMs(key.Window, windowStartMs));
        (Max, Cost, Refundable, UsedAfter) = (ask.Max, ask.Cost, ask.Refundable, usedAfter);
        (_only, _more) = (only, more);
        _state = IsOut;
        return this;
    }

    /// <summary>Moves these numbers from a permit that has ended into another one.</summary>
    internal void MoveToNewPermit()
    {
        _permit.Renew();
        Next = null;
    }

    /// <summary>
    /// Recycles the permit that begins here, which has ended and whose numbers are accounted for. Its handles are
    /// invalid from now on; only then may other calls use it.
    /// </summary>
    public void Recycle()
    {
        for (CounterPermit? part = this, next; part is not null; part = next)
        {
            (next, part.Next) = (part.Next, null);
            if (part._pool is null) continue;
            part._permit.Renew();
            part._pool.Return(part);
        }
    }
}

/// <summary>
/// The issuer of numbers, which is notified once they cannot come back: an owner, or its representative.
/// </summary>
public interface IPermitIssuer
{
    /// <summary>
    /// Notes that the numbers of this part can no longer come back, or have come back. Called without any lock.
    /// </summary>
    void Commit(CounterPermit part);
}
