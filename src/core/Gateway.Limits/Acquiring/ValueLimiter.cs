using System.Collections.Immutable;
using Gateway.Limits.Model;

namespace Gateway.Limits.Acquiring;

/// <summary>
/// Counts some limits per value of an argument, over any engine. The counter of a value is an ordinary counter. The
/// number of values in a window is a second counter, and the membership of a value in that window is a third, with a
/// maximum of one.
/// </summary>
/// <remarks>
/// A number for a new value is taken before its mark is set, and is never given back once setting the mark was
/// attempted. A caller that finds the mark therefore knows that the value has its number in that window. A failure in
/// between only makes the limit stricter.
/// </remarks>
/// <param name="limiter">The engine.</param>
/// <param name="key">The key for digests of values.</param>
/// <param name="remembered">Values to remember.</param>
public sealed class ValueLimiter(ILimiter limiter, IValueKey key, int remembered = 65_536) : ILimiter
{
    /// <summary>
    /// Maximum number of attempts of a call, which starts over if a window ends between two of its counters.
    /// </summary>
    private const int AttemptsMax = 3;

    private readonly ValueCounters _counters = new(remembered);

    /// <inheritdoc/>
    public ValueTask<LimitDecision> AcquireAsync(LimitRequest request, CancellationToken cancellationToken) =>
        HasValue(request) ? AcquireByValueAsync(request, cancellationToken)
            : limiter.AcquireAsync(request, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<LimitDecision> PeekAsync(LimitRequest request, CancellationToken cancellationToken) =>
        HasValue(request) ? PeekByValueAsync(request, cancellationToken)
            : limiter.PeekAsync(request, cancellationToken);

    /// <inheritdoc/>
    public ValueTask ReleaseAsync(Permit permit, CancellationToken cancellationToken) =>
        limiter.ReleaseAsync(permit, cancellationToken);

    /// <inheritdoc/>
    public ValueTask RefundAsync(Permit permit, CancellationToken cancellationToken) =>
        limiter.RefundAsync(permit, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Permit> RenewAsync(Permit permit, CallId renewal) => limiter.RenewAsync(permit, renewal);

    /// <inheritdoc/>
    public bool HasRoomForSession(string grant) => limiter.HasRoomForSession(grant);

    private static bool HasValue(in LimitRequest request)
    {
        if (request.Costs.IsDefaultOrEmpty) return false;
        foreach (ref readonly var cost in request.Costs.AsSpan())
            if (cost.Value is not null) return true;
        return false;
    }

    private async ValueTask<LimitDecision> PeekByValueAsync(LimitRequest request, CancellationToken cancellationToken)
    {
        if (await key.GetAsync(cancellationToken) is not { } secret) return NoKey();
        var (costs, values) = Resolve(request.Costs, secret);
        foreach (var value in values)
        {
            if (await IsCountedAsync(value, value.StartMs(request.NowMs), request.NowMs, cancellationToken)) continue;
            var room = await limiter.PeekAsync(value.Entry(request.NowMs), cancellationToken);
            if (room.Refusal is { } refused) return Refused(value, refused, room.RetryAfterMs);
        }

        return await limiter.PeekAsync(request with { Costs = costs }, cancellationToken);
    }

    private async ValueTask<LimitDecision> AcquireByValueAsync(
        LimitRequest request, CancellationToken cancellationToken)
    {
        if (await key.GetAsync(cancellationToken) is not { } secret) return NoKey();
        var (costs, values) = Resolve(request.Costs, secret);
        request = request with { Costs = costs };
        for (var attempt = 0; attempt < AttemptsMax; attempt++)
        {
            var entering = new Entering(limiter, values);
            try
            {
                if (await AttemptAsync(request, entering, cancellationToken) is { } decision) return decision;
            }
            finally
            {
                await entering.EndAsync();
            }

            // A window ended in between. Everything that was taken has been given back, and the call id is used up.
            request = request with
            {
                CallId = CallId.New(),
                NowMs = entering.LatestMs(request.NowMs),
                PreviousPermit = default,
            };
        }

        return RefusalText.Unavailable("several attempts to count this call failed, because a window ended during each "
            + "of them; try again");
    }

    /// <summary>
    /// Attempts to count the call once. Returns null if the call has to start over in a later window.
    /// </summary>
    private async ValueTask<LimitDecision?> AttemptAsync(
        LimitRequest request, Entering entering, CancellationToken cancellationToken)
    {
        foreach (var value in entering.Values)
        {
            var startMs = value.StartMs(request.NowMs);
            if (await IsCountedAsync(value, startMs, request.NowMs, cancellationToken))
            {
                entering.Add(value, startMs, default);
                continue;
            }

            var number = await limiter.AcquireAsync(value.Entry(request.NowMs), cancellationToken);
            if (number.Refusal is { } full) return Refused(value, full, number.RetryAfterMs);
            entering.Add(value, number.Permit.Parts[0].WindowStartMs, number.Permit);
        }

        var taken = await limiter.AcquireAsync(request, cancellationToken);
        if (!taken.IsAdmitted) return taken;
        entering.Taken = taken.Permit;
        if (!entering.IsInOneWindow()) return null;
        if (await entering.MarkAsync(request.NowMs) is { } failed) return failed;
        entering.Taken = default;
        return taken;
    }

    /// <summary>Returns true if the value has its number in the window of this start.</summary>
    private async ValueTask<bool> IsCountedAsync(
        CountedValue value, long startMs, long nowMs, CancellationToken cancellationToken)
    {
        if (value.Counter.IsCountedIn(startMs)) return true;
        var mark = value.Counter.Mark(value.Value, startMs);
        var look = await limiter.PeekAsync(new LimitRequest(CallId.New(), nowMs, [mark]), cancellationToken);
        if (look.Refusal is not { Kind: RefusalKind.NoRoom }) return false;
        value.Counter.Note(startMs);
        return true;
    }

    private (ImmutableArray<LimitCost> Costs, List<CountedValue> Values) Resolve(
        ImmutableArray<LimitCost> costs, byte[] secret)
    {
        var resolved = ImmutableArray.CreateBuilder<LimitCost>(costs.Length);
        var values = new List<CountedValue>(1);
        for (var i = 0; i < costs.Length; i++)
        {
            var cost = costs[i];
            if (cost.Value is { } value)
            {
                var counter = _counters.Of(cost, secret);
                if (!values.Exists(one => one.Counter.Key == counter.Key)) values.Add(new(i, counter, value));
                cost = cost with { Key = counter.Key, Value = null };
            }

            resolved.Add(cost);
        }

        return (resolved.MoveToImmutable(), values);
    }

    private LimitDecision NoKey() => RefusalText.Unavailable(
        key.Fault ?? "the key for counting argument values cannot be read");

    private static LimitDecision Refused(CountedValue value, LimitRefusal refused, long? retryAfterMs) =>
        refused.Kind is not (RefusalKind.NoRoom or RefusalKind.CostOverMax)
            ? LimitDecision.Refuse(refused with { CostIndex = value.CostIndex }, retryAfterMs)
            : LimitDecision.Refuse(
                refused with
                {
                    CostIndex = value.CostIndex,
                    Kind = RefusalKind.TooManyValues,
                    Reason = $"Counter {value.Value.Values.ShownName} already counts its maximum of "
                        + $"{value.Value.ValuesMax} values in this window ({value.Value.Values.Window}), "
                        + "and this value is new",
                },
                retryAfterMs);
}

/// <summary>One value of a call that is counted separately.</summary>
/// <param name="CostIndex">The first cost of the call that names it.</param>
/// <param name="Counter">The counter of the value.</param>
/// <param name="Value">The limit on the number of distinct values.</param>
internal sealed record CountedValue(int CostIndex, ValueCounter Counter, LimitValue Value)
{
    /// <summary>Returns the start of the window that contains this instant.</summary>
    public long StartMs(long nowMs) => Value.Values.Window.StartMs(nowMs);

    /// <summary>Returns the request that counts the value among the values that a window may have.</summary>
    public LimitRequest Entry(long nowMs) =>
        new(CallId.New(), nowMs, [new LimitCost(Value.Values, Value.ValuesMax, Amount.One)]);
}
