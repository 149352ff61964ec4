using System.Collections.Immutable;

namespace Gateway.Limits;

/// <summary>The right to send one call once, within the windows that its numbers belong to.</summary>
public sealed class Permit
{
    private const int Out = 0;
    private const int Spent = 1;
    private const int Closed = 2;

    private readonly int _marginMs;
    private int _state;

    /// <summary>A permit over these parts.</summary>
    /// <param name="callId">The call that it was given to.</param>
    /// <param name="parts">One part for each counter.</param>
    /// <param name="marginMs">The dead band at each edge of a window: 0, or ε with strict windows.</param>
    public Permit(CallId callId, ImmutableArray<CounterPermit> parts, int marginMs = 0)
    {
        CallId = callId;
        Parts = parts;
        _marginMs = marginMs;
    }

    /// <summary>For a call that nothing limits. It may be spent any number of times.</summary>
    public static Permit None { get; } = new(default, []);

    /// <summary>The call that it was given to.</summary>
    public CallId CallId { get; }

    /// <summary>One part for each counter.</summary>
    public ImmutableArray<CounterPermit> Parts { get; }

    /// <summary>
    /// The last thing before the first byte: checks every deadline against this clock and, if all hold, spends the
    /// permit. One permit pays for one call, whatever races.
    /// </summary>
    /// <param name="nowMs">The clock now, Unix milliseconds UTC.</param>
    /// <param name="waitMs">How long to wait before asking again, with <see cref="SpendOutcome.Wait"/>; else 0.</param>
    public SpendOutcome TrySpend(long nowMs, out int waitMs)
    {
        waitMs = 0;
        long startMs = long.MinValue;
        foreach (var part in Parts)
        {
            if (part.IsOver(nowMs, _marginMs)) return SpendOutcome.Expired;
            if (part.Key.Kind == LimitKind.Sliding)
            {
                // A sliding limit has no edge to wait for; but a clock so far behind its owner's is wrong.
                if (part.WindowStartMs - nowMs > 2 * ClockBounds.EpsilonMs) return SpendOutcome.Expired;
                continue;
            }

            if (part.Top > part.Max.Nano) return SpendOutcome.Expired;
            startMs = Math.Max(startMs, part.WindowStartMs + _marginMs);
        }

        if (Parts.IsEmpty) return SpendOutcome.Spent;
        if (startMs > nowMs)
        {
            if (startMs - nowMs > 2 * ClockBounds.EpsilonMs) return SpendOutcome.Expired;
            waitMs = (int)(startMs - nowMs);
            return SpendOutcome.Wait;
        }

        if (Interlocked.CompareExchange(ref _state, Spent, Out) != Out) return SpendOutcome.AlreadySpent;
        foreach (var part in Parts)
            if (part.Refundable == Amount.Zero) part.Settle();
        return SpendOutcome.Spent;
    }

    /// <summary>
    /// The call has ended well: nothing of it will be refunded. Not required, but until then the engine keeps refused
    /// callers waiting a moment for what might come back.
    /// </summary>
    public void Complete()
    {
        foreach (var part in Parts) part.Settle();
    }

    /// <summary>Ends the permit's life: it can never be spent again. True the first time.</summary>
    internal bool TryClose() => Interlocked.Exchange(ref _state, Closed) != Closed;

    /// <summary>Ends the permit's life unless it was spent: only then may its numbers go into another permit.</summary>
    internal bool TryWithdraw() => Interlocked.CompareExchange(ref _state, Closed, Out) == Out;
}
