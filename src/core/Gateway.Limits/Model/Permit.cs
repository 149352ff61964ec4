using System.Collections.Immutable;

namespace Gateway.Limits.Model;

/// <summary>
/// The right to send one call once, within the windows that its numbers belong to. It is a handle: what it stands for
/// is used again for later calls once it has ended, and a handle of an earlier life then pays for nothing.
/// </summary>
/// <remarks>Because an object for each admitted call was most of what an admission cost.</remarks>
public readonly record struct Permit
{
    /// <summary>The stamp, of no life, that <see cref="None"/> carries.</summary>
    private const long NothingLimits = -1;

    private readonly CounterPermit? _first;
    private readonly long _stamp;

    /// <summary>A permit over these parts, of which each may belong to one permit only.</summary>
    /// <param name="callId">The call that it was given to.</param>
    /// <param name="parts">One part for each counter.</param>
    /// <param name="marginMs">The dead band at each edge of a window: 0, or ε with strict windows.</param>
    public Permit(CallId callId, ImmutableArray<CounterPermit> parts, int marginMs = 0)
    {
        for (var i = 1; i < parts.Length; i++) parts[i - 1].Next = parts[i];
        this = parts.IsEmpty ? None : new Permit(callId, parts[0], marginMs);
    }

    /// <summary>A permit over this part and those that are chained to it.</summary>
    internal Permit(CallId callId, CounterPermit first, int marginMs)
    {
        (first.CallId, first.MarginMs) = (callId, marginMs);
        (_first, _stamp) = (first, first.Life.Stamp);
    }

    private Permit(long stamp) => _stamp = stamp;

    /// <summary>For a call that nothing limits. It may be spent any number of times.</summary>
    public static Permit None { get; } = new(NothingLimits);

    /// <summary>The call that it was given to; zero once it has ended.</summary>
    public CallId CallId => Live?.CallId ?? default;

    /// <summary>One part for each counter; nothing once it has ended and is used again.</summary>
    public PermitParts Parts => new(Live);

    /// <summary>True if there is no permit at all, and nothing to spend or give back.</summary>
    public bool IsMissing => _first is null && _stamp != NothingLimits;

    /// <summary>What it stands for, unless that is already used for another call.</summary>
    private CounterPermit? Live => _first is { } first && first.Life.Stamp == _stamp ? first : null;

    /// <summary>
    /// The last thing before the first byte: checks every deadline against this clock and, if all hold, spends the
    /// permit. One permit pays for one call, whatever races.
    /// </summary>
    /// <param name="nowMs">The clock now, Unix milliseconds UTC.</param>
    /// <param name="waitMs">How long to wait before asking again, with <see cref="SpendOutcome.Wait"/>; else 0.</param>
    public SpendOutcome TrySpend(long nowMs, out int waitMs)
    {
        waitMs = 0;
        if (_stamp == NothingLimits) return SpendOutcome.Spent;
        if (Live is not { } first) return SpendOutcome.AlreadySpent;

        // If it ends here and is used again while these are read, they are of no one life; then it cannot be spent.
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
    /// The call has ended: nothing of it will be given back, and the permit can no longer be spent. Not required, but
    /// until then the engine keeps refused callers waiting a moment for what might come back.
    /// </summary>
    public void Complete()
    {
        if (!TryClose()) return;
        foreach (var part in Parts) part.Commit();
        Recycle();
    }

    /// <summary>
    /// Ends the permit, and gives a permit for each of its parts: so what was spent as one may come back one by one.
    /// Nothing where it has ended already.
    /// </summary>
    public ImmutableArray<Permit> Split()
    {
        if (!TryClose()) return [];
        var (callId, marginMs) = (CallId, _first!.MarginMs);
        var singles = ImmutableArray.CreateBuilder<Permit>();
        for (CounterPermit? part = _first, next; part is not null; part = next)
        {
            next = part.Next;
            part.BeginAnew();
            singles.Add(new Permit(callId, part, marginMs));
        }

        return singles.DrainToImmutable();
    }

    /// <summary>Ends the permit's life: it can never be spent again. True the first time.</summary>
    internal bool TryClose() => _first is { } first && first.Life.TryEnd(_stamp);

    /// <summary>Ends the permit's life unless it was spent: only then may its numbers go into another permit.</summary>
    internal bool TryWithdraw() => _first is { } first && first.Life.TryEnd(_stamp, unlessSpent: true);

    /// <summary>Only for the one who ended it and has dealt with its numbers.</summary>
    internal void Recycle() => Live?.Recycle();
}
