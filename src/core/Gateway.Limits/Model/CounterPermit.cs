using System.Collections.Immutable;

namespace Gateway.Limits.Model;

/// <summary>
/// Numbers of one counter's window that one call holds. Valid while its permit lives; then it may be used for another.
/// </summary>
public sealed class CounterPermit
{
    private const int IsOut = 0;
    private const int IsSettled = 1;
    private const int IsClosed = 2;

    private readonly PermitPool? _pool;
    private NumberRange _only;
    private ImmutableArray<NumberRange> _more;
    private PermitLife _permit;

    /// <summary>What became of the numbers; changed only by whoever spends or has ended the permit.</summary>
    private int _state;

    /// <summary>Describes numbers that an owner has issued.</summary>
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

    /// <summary>One interval is the rule, and costs no array.</summary>
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

    /// <summary>One that will be used again and again; <see cref="Fill"/> comes first each time.</summary>
    internal CounterPermit(PermitPool pool)
    {
        _pool = pool;
        Key = null!;
    }

    /// <summary>The counter.</summary>
    public CounterKey Key { get; private set; }

    /// <summary>The maximum that the call was judged by; every number lies below it.</summary>
    public Amount Max { get; private set; }

    /// <summary>What was taken: the sum of the call's costs on this key.</summary>
    public Amount Cost { get; private set; }

    /// <summary>
    /// Start of the window, Unix milliseconds UTC; of a sliding limit, its owner's clock when it was reserved.
    /// </summary>
    public long WindowStartMs { get; private set; }

    /// <summary>
    /// The deadline (exclusive): the end of the window; of a sliding limit, a moment after it was reserved.
    /// </summary>
    public long WindowEndMs { get; set; }

    /// <summary>
    /// When all that is charged now is free again: the end of the window; of a sliding limit, when this has slid out.
    /// </summary>
    public long ResetAtMs => Key.Kind.ResetAtMs(this);

    /// <summary>
    /// The numbers: disjoint, below <see cref="Max"/>, of total length <see cref="Cost"/>; unique in the window. None
    /// for a sliding limit, which counts and does not number.
    /// </summary>
    public ImmutableArray<NumberRange> Intervals => _more.IsDefault ? [_only] : _more;

    /// <summary>The same without an array for the only one.</summary>
    public ReadOnlySpan<NumberRange> IntervalSpan => _more.IsDefault ? new(in _only) : _more.AsSpan();

    /// <summary>What is charged in the window, this call included, as its owner knows it.</summary>
    public Amount UsedAfter { get; private set; }

    /// <summary>What the window could still admit after this call.</summary>
    public Amount RemainingAfter => UsedAfter < Max ? Amount.FromNano(Max.Nano - UsedAfter.Nano) : Amount.Zero;

    /// <summary>How much of <see cref="Cost"/> is given back if the server answers with an error.</summary>
    public Amount Refundable { get; set; }

    /// <summary>The owner, or what stands for it in this process: it alone takes the numbers back.</summary>
    public IPermitIssuer? Issuer { get; set; }

    /// <summary>The owner's window epoch in which it was given out.</summary>
    internal int Epoch { get; set; }

    /// <summary>The next part of the same permit; in a pool, of what lies there.</summary>
    internal CounterPermit? Next { get; set; }

    /// <summary>In a pool: how many lie there up to this one.</summary>
    internal int Depth { get; set; }

    /// <summary>As the first part of a permit: the call that this was given to.</summary>
    internal CallId CallId { get; set; }

    /// <summary>As the first part of a permit: the dead band at each edge of its windows.</summary>
    internal int MarginMs { get; set; }

    /// <summary>As the first part of a permit: where that is in its life.</summary>
    internal ref PermitLife Life => ref _permit;

    /// <summary>Whether the numbers are one interval; not so of a sliding limit, which has none.</summary>
    internal bool IsOneInterval => _more.IsDefault;

    /// <summary>
    /// Whether an owner has only said again what it gave to this call before; nothing comes back by such a part.
    /// </summary>
    internal bool IsToldAgain { get; init; }

    /// <summary>One past the highest number.</summary>
    internal Int128 Top => _more.IsDefault ? _only.High : _more.IsEmpty ? 0 : _more[^1].High;

    /// <summary>Whether it may not be used any more; the dead band is one at the edge of a window.</summary>
    internal bool IsOver(long nowMs, int marginMs) =>
        nowMs >= WindowEndMs - Key.Kind.EdgeMs(marginMs);

    /// <summary>The highest numbers of it, of this total length.</summary>
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

    /// <summary>The same where it is one interval, as it nearly always is; else false.</summary>
    internal bool TryGetLast(Amount amount, out NumberRange last)
    {
        last = new NumberRange(_only.High - amount.Nano, _only.High);
        return _more.IsDefault;
    }

    /// <summary>The permit of a call with this part alone: the same for all who ask; it is spent once.</summary>
    internal Permit AsPermit(CallId id, int marginMs) => new(id, this, marginMs);

    /// <summary>The numbers can no longer come back.</summary>
    internal void Commit()
    {
        if (_state != IsOut) return;
        _state = IsSettled;
        Issuer?.Commit(this);
    }

    /// <summary>The numbers come back. True the first time only.</summary>
    public bool TryClose()
    {
        if (_state == IsClosed) return false;
        var wasOut = _state == IsOut;
        _state = IsClosed;
        if (wasOut) Issuer?.Commit(this);
        return true;
    }

    /// <summary>New numbers, for a part that comes from a pool.</summary>
    internal CounterPermit Fill(
        CounterKey key,
        in CounterRequest ask,
        long windowStartMs,
        NumberRange only,
        ImmutableArray<NumberRange> more,
        Amount usedAfter)
    {
        // It mostly comes back to the counter whose it was, in the same window.
        if (!ReferenceEquals(Key, key) || WindowStartMs != windowStartMs)
            (Key, WindowStartMs, WindowEndMs) = (key, windowStartMs, key.Kind.DeadlineMs(key.Window, windowStartMs));
        (Max, Cost, Refundable, UsedAfter) = (ask.Max, ask.Cost, ask.Refundable, usedAfter);
        (_only, _more) = (only, more);
        _state = IsOut;
        return this;
    }

    /// <summary>These numbers go from a permit that has ended into another one.</summary>
    internal void BeginAnew()
    {
        _permit.Renew();
        Next = null;
    }

    /// <summary>
    /// The permit that begins here has ended and its numbers are dealt with. Its handles, whoever still has one, are
    /// good for nothing from now on; only then may others use it.
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
