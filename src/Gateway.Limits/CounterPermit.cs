using System.Collections.Immutable;
using Gateway.Limits.Counting;

namespace Gateway.Limits;

/// <summary>Numbers of one counter's window that one call holds.</summary>
public sealed class CounterPermit
{
    private const int IsOut = 0;
    private const int IsSettled = 1;
    private const int IsClosed = 2;

    private readonly Interval _only;
    private readonly ImmutableArray<Interval> _more;
    private int _life;
    private Permit? _permit;

    /// <summary>Describes numbers that an owner has issued.</summary>
    public CounterPermit(
        CounterKey key,
        Amount max,
        Amount cost,
        long windowStartMs,
        ImmutableArray<Interval> intervals,
        Amount usedAfter)
        : this(key, max, cost, windowStartMs, default, intervals, usedAfter)
    {
    }

    /// <summary>One interval is the rule, and costs no array.</summary>
    internal CounterPermit(
        CounterKey key,
        Amount max,
        Amount cost,
        long windowStartMs,
        Interval only,
        ImmutableArray<Interval> more,
        Amount usedAfter)
    {
        Key = key;
        Max = max;
        Cost = cost;
        WindowStartMs = windowStartMs;
        WindowEndMs = key.Kind == LimitKind.Sliding
            ? windowStartMs + SlidingTimes.UseMs(key.Window) + 1
            : key.Window.EndMs(windowStartMs);
        _only = only;
        _more = more;
        UsedAfter = usedAfter;
    }

    /// <summary>The counter.</summary>
    public CounterKey Key { get; }

    /// <summary>The maximum that the call was judged by; every number lies below it.</summary>
    public Amount Max { get; }

    /// <summary>What was taken: the sum of the call's costs on this key.</summary>
    public Amount Cost { get; }

    /// <summary>
    /// Start of the window, Unix milliseconds UTC; of a sliding limit, its owner's clock when it was reserved.
    /// </summary>
    public long WindowStartMs { get; }

    /// <summary>
    /// The deadline (exclusive): the end of the window; of a sliding limit, a moment after it was reserved.
    /// </summary>
    public long WindowEndMs { get; }

    /// <summary>
    /// When all that is charged now is free again: the end of the window; of a sliding limit, when this has slid out.
    /// </summary>
    public long ResetAtMs => Key.Kind == LimitKind.Sliding ? Key.RecordEndMs(WindowStartMs) : WindowEndMs;

    /// <summary>
    /// The numbers: disjoint, below <see cref="Max"/>, of total length <see cref="Cost"/>; unique in the window. None
    /// for a sliding limit, which counts and does not number.
    /// </summary>
    public ImmutableArray<Interval> Intervals => _more.IsDefault ? [_only] : _more;

    /// <summary>What is charged in the window, this call included, as its owner knows it.</summary>
    public Amount UsedAfter { get; }

    /// <summary>What the window could still admit after this call.</summary>
    public Amount RemainingAfter => UsedAfter < Max ? Amount.FromNano(Max.Nano - UsedAfter.Nano) : Amount.Zero;

    /// <summary>How much of <see cref="Cost"/> is given back if the server answers with an error.</summary>
    public Amount Refundable { get; init; }

    /// <summary>The owner, or what stands for it in this process: it alone takes the numbers back.</summary>
    internal IPermitIssuer? Issuer { get; init; }

    /// <summary>The owner's window epoch in which it was given out.</summary>
    internal int Epoch { get; init; }

    /// <summary>One past the highest number.</summary>
    internal Int128 Top => _more.IsDefault ? _only.High : _more.IsEmpty ? 0 : _more[^1].High;

    /// <summary>Whether it may not be used any more; the dead band is one at the edge of a window.</summary>
    internal bool IsOver(long nowMs, int marginMs) =>
        nowMs >= (Key.Kind == LimitKind.Sliding ? WindowEndMs : WindowEndMs - marginMs);

    /// <summary>The highest numbers of it, of this total length.</summary>
    internal ImmutableArray<Interval> Last(Amount amount)
    {
        if (amount == Cost) return Intervals;
        var left = amount.Nano;
        var last = ImmutableArray.CreateBuilder<Interval>();
        for (var i = Intervals.Length - 1; i >= 0 && left > 0; i--)
        {
            var interval = Intervals[i];
            if (interval.Length > left) interval = new Interval(interval.High - left, interval.High);
            last.Add(interval);
            left -= interval.Length;
        }

        return last.DrainToImmutable();
    }

    /// <summary>The permit of a call with this part alone: the same for all who ask; it is spent once.</summary>
    internal Permit AsPermit(CallId id, int marginMs) =>
        _permit ?? Interlocked.CompareExchange(ref _permit, new Permit(id, [this], marginMs), null) ?? _permit;

    /// <summary>The numbers can no longer come back.</summary>
    internal void Settle()
    {
        if (Interlocked.CompareExchange(ref _life, IsSettled, IsOut) == IsOut) Issuer?.Settle(this);
    }

    /// <summary>The numbers come back. True the first time only.</summary>
    internal bool TryClose()
    {
        var before = Interlocked.Exchange(ref _life, IsClosed);
        if (before == IsOut) Issuer?.Settle(this);
        return before != IsClosed;
    }
}
