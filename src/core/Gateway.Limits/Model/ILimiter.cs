using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Gateway.Limits.Model;

/// <summary>
/// The interface between a call and its counters. Expected failures (no room, store unreachable, clock behind) are
/// refusals with a reason; only cancellation throws.
/// </summary>
public interface ILimiter
{
    /// <summary>Takes every cost of the request, or none.</summary>
    ValueTask<LimitDecision> AcquireAsync(LimitRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Returns the decision that <see cref="AcquireAsync"/> would make, without taking anything; the permit cannot be
    /// spent.
    /// </summary>
    ValueTask<LimitDecision> PeekAsync(LimitRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Gives everything back. Only for a permit that was not spent, or whose call is known to have sent no byte.
    /// Idempotent; a release that comes too late is ignored, and the cost stays counted.
    /// </summary>
    ValueTask ReleaseAsync(Permit permit, CancellationToken cancellationToken);

    /// <summary>
    /// Gives back the costs with <see cref="LimitCost.RefundOnError"/> to the same window, after an error response.
    /// Idempotent; a refund after the window's end is ignored.
    /// </summary>
    ValueTask RefundAsync(Permit permit, CancellationToken cancellationToken);

    /// <summary>
    /// Renews the slot of a call in flight. A permit for a slot has only that part and is never spent. The returned
    /// permit replaces the given one; it is missing if the slot could not be renewed, and the given permit then stays
    /// valid.
    /// </summary>
    /// <param name="permit">The permit of the slot.</param>
    /// <param name="renewal">The id of the renewal, constant across attempts until one gets a reply.</param>
    ValueTask<Permit> RenewAsync(Permit permit, CallId renewal);

    /// <summary>
    /// Returns false while counters of new sessions of this grant are refused because there are too many. A session
    /// opened now could not be counted.
    /// </summary>
    bool HasRoomForSession(string grant) => true;
}

/// <summary>The value of a call that selects a limit's per-value counter. It never leaves the process.</summary>
/// <param name="Parts">
/// The values, each with its length before it, so that two different lists of values never have the same text.
/// </param>
/// <param name="Values">
/// The counter of the distinct values in a window. Its windows follow one another, whatever the limit's own kind.
/// </param>
/// <param name="ValuesMax">Maximum number of distinct values.</param>
public sealed record LimitValue(ReadOnlyMemory<byte> Parts, CounterKey Values, Amount ValuesMax);

/// <summary>All costs of one call: all are taken, or none.</summary>
/// <param name="CallId">The gateway's call id; a repeated request with the same id counts once.</param>
/// <param name="NowMs">The single clock reading for this decision, Unix milliseconds UTC.</param>
/// <param name="Costs">The costs. One key may occur twice: costs are summed per key before anything is taken.</param>
/// <param name="PreviousPermit">
/// An earlier permit of the same call with a part whose deadline passed. It can no longer be spent; its parts that are
/// still valid are kept, and the rest is given back. Missing for a first attempt.
/// </param>
public readonly record struct LimitRequest(
    CallId CallId, long NowMs, ImmutableArray<LimitCost> Costs, Permit PreviousPermit = default);

/// <summary>
/// An amount by which a maximum is raised until a time. The time of the request decides, so a raise ends at every
/// frontend without any message.
/// </summary>
/// <param name="By">The amount.</param>
/// <param name="UntilMs">The end (exclusive), Unix milliseconds UTC.</param>
public readonly record struct MaxRaise(Amount By, long UntilMs)
{
    /// <summary>
    /// Returns the maximum with the raises in effect at this time; one whose sum does not fit an amount is ignored.
    /// </summary>
    public static Amount MaxAt(Amount max, ImmutableArray<MaxRaise> raises, long nowMs)
    {
        foreach (var raise in raises)
            if (nowMs < raise.UntilMs && Amount.TryAdd(max, raise.By, out var sum)) max = sum;
        return max;
    }
}

/// <summary>The cost of one call on one counter.</summary>
/// <param name="Key">The counter.</param>
/// <param name="Max">
/// The maximum of one window, as the current policy defines it; a counter holds no policy of its own.
/// </param>
/// <param name="Cost">The amount that the call counts; zero takes nothing and writes nothing.</param>
/// <param name="RefundOnError">True if the cost is given back when the server responds with an error.</param>
/// <param name="Value">
/// The value that is counted separately, on its own counter whose identity begins like <paramref name="Key"/>; null for
/// a limit that counts all calls together.
/// </param>
public readonly record struct LimitCost(
    CounterKey Key, Amount Max, Amount Cost, bool RefundOnError = false, LimitValue? Value = null)
{
    // The value or the raises: no limit has both, and another field would make each call allocate more.
    private readonly object? _valueOrRaises = Value;

    /// <inheritdoc cref="LimitCost" path="/param[@name='Value']"/>
    public LimitValue? Value
    {
        get => _valueOrRaises as LimitValue;
        init => _valueOrRaises = value;
    }

    /// <summary>The raises of <see cref="Max"/>. A limit by value has none.</summary>
    public ImmutableArray<MaxRaise> Raises
    {
        get => _valueOrRaises is MaxRaise[] raises ? ImmutableCollectionsMarshal.AsImmutableArray(raises) : [];
        init => _valueOrRaises = Value is { } by ? by
            : value.IsDefaultOrEmpty ? null : ImmutableCollectionsMarshal.AsArray(value);
    }

    /// <summary>Returns the maximum of one window at this time.</summary>
    public Amount MaxAt(long nowMs) => _valueOrRaises is MaxRaise[]? MaxRaise.MaxAt(Max, Raises, nowMs) : Max;

    /// <summary>Returns true if the cost was taken from this counter.</summary>
    public bool IsOn(CounterKey counter) =>
        Value is null ? Key.Equals(counter) : counter is not null && counter.IsOfValueOf(Key);
}
