using System.Collections.Immutable;

namespace Gateway.Limits.Model;

/// <summary>
/// The right to send one call once, within the windows that its numbers belong to. It is a handle to a reusable object:
/// once the permit has ended, the object serves later calls, and a handle of an earlier life pays for nothing.
/// </summary>
/// <remarks>
/// Reusing the object matters because allocating one per admitted call was most of the cost of an admission.
/// </remarks>
public readonly record struct Permit
{
    /// <summary>The stamp of <see cref="None"/>, which no life has.</summary>
    private const long NothingLimits = -1;

    private readonly CounterPermit? _first;
    private readonly long _stamp;

    /// <summary>Creates a permit over these parts, each of which may belong to one permit only.</summary>
    /// <param name="callId">The call that it was given to.</param>
    /// <param name="parts">One part for each counter.</param>
    /// <param name="marginMs">
    /// The dead band at each edge of a window, in milliseconds: 0, or ε with strict windows.
    /// </param>
    public Permit(CallId callId, ImmutableArray<CounterPermit> parts, int marginMs = 0)
    {
        for (var i = 1; i < parts.Length; i++) parts[i - 1].Next = parts[i];
        this = parts.IsEmpty ? None : new Permit(callId, parts[0], marginMs);
    }

    /// <summary>Creates a permit over this part and the parts chained to it.</summary>
    internal Permit(CallId callId, CounterPermit first, int marginMs)
    {
        (first.CallId, first.MarginMs) = (callId, marginMs);
        (_first, _stamp) = (first, first.Life.Stamp);
    }

    private Permit(long stamp) => _stamp = stamp;

    /// <summary>The permit of a call without limits. It may be spent any number of times.</summary>
    public static Permit None { get; } = new(NothingLimits);

    /// <summary>The call that the permit was given to; zero once the permit has ended.</summary>
    public CallId CallId => Live?.CallId ?? default;

    /// <summary>One part for each counter; empty once the permit has ended and its object is reused.</summary>
    public PermitParts Parts => new(Live);

    /// <summary>True if there is no permit at all, and nothing to spend or give back.</summary>
    public bool IsMissing => _first is null && _stamp != NothingLimits;

    /// <summary>The first part, unless it is already in use for another call.</summary>
    private CounterPermit? Live => _first is { } first && first.Life.Stamp == _stamp ? first : null;

    /// <summary>
    /// Spends the permit, immediately before the first byte is sent. It checks every deadline against this clock first.
    /// One permit pays for one call, even under races.
    /// </summary>
    /// <param name="nowMs">The clock now, Unix milliseconds UTC.</param>
    /// <param name="waitMs">
    /// How long to wait before trying again, with <see cref="SpendOutcome.Wait"/>; otherwise 0.
    /// </param>
    public SpendOutcome TrySpend(long nowMs, out int waitMs)
    {
        waitMs = 0;
        if (_stamp == NothingLimits) return SpendOutcome.Spent;
        if (Live is not { } first) return SpendOutcome.AlreadySpent;

        // If the permit ends and is reused during these reads, they mix two lives. It then cannot be spent.
        var marginMs = first.MarginMs;
        var startMs = long.MinValue;
        for (var part = first; part is not null; part = part.Next)
        {
            var outcome = part.Key.Kind.CheckSpend(part, nowMs, marginMs, out var partStartMs);
            if (outcome == SpendOutcome.Expired) return outcome;
            startMs = Math.Max(startMs, partStartMs);
        }

        if (startMs > nowMs)
        {
            if (startMs - nowMs > 2 * ClockBounds.EpsilonMs) return SpendOutcome.Expired;
            waitMs = (int)(startMs - nowMs);
            return SpendOutcome.Wait;
        }

        if (!first.Life.TryBeginSpending(_stamp)) return SpendOutcome.AlreadySpent;
        for (var part = first; part is not null; part = part.Next)
            if (part.Refundable == Amount.Zero) part.Commit();
        first.Life.EndSpending(_stamp);
        return SpendOutcome.Spent;
    }

    /// <summary>
    /// Notes that the call has ended: nothing of it will be given back, and the permit can no longer be spent.
    /// Optional, but until then the engine keeps refused callers waiting a moment for numbers that might come back.
    /// </summary>
    public void Complete()
    {
        if (!TryClose()) return;
        foreach (var part in Parts) part.Commit();
        Recycle();
    }

    /// <summary>
    /// Ends the permit and returns a permit for each of its parts, so that parts that were spent together can come back
    /// one by one. Empty if the permit has already ended.
    /// </summary>
    public ImmutableArray<Permit> Split()
    {
        if (!TryClose()) return [];
        var (callId, marginMs) = (CallId, _first!.MarginMs);
        var singles = ImmutableArray.CreateBuilder<Permit>();
        for (CounterPermit? part = _first, next; part is not null; part = next)
        {
            next = part.Next;
            part.MoveToNewPermit();
            singles.Add(new Permit(callId, part, marginMs));
        }

        return singles.DrainToImmutable();
    }

    /// <summary>Ends the permit's life, so that it can never be spent again. True the first time.</summary>
    internal bool TryClose() => _first is { } first && first.Life.TryEnd(_stamp);

    /// <summary>Ends the permit's life unless it was spent. Only then may its numbers go into another permit.</summary>
    internal bool TryWithdraw() => _first is { } first && first.Life.TryEnd(_stamp, unlessSpent: true);

    /// <summary>Recycles the permit. Only for the caller that ended it and has accounted for its numbers.</summary>
    internal void Recycle() => Live?.Recycle();
}
