using Gateway.Limits.Model;

namespace Gateway.Limits.Windows.Sliding;

/// <summary>
/// The times of a sliding limit of length W. A number reserved at t may be used until t + D, and counts until W + 2 ε
/// after that, rounded up. Any interval of W therefore contains at most the maximum, provided that clocks are within ε
/// of true time.
/// </summary>
/// <remarks>
/// Let a call be admitted at true time a, with the last reserved number of those in [x, x + W]. It was reserved when
/// its owner's clock showed t ≤ a + ε ≤ x + W + ε. Every other one there was admitted by a clock that showed at most
/// its deadline d, so d ≥ x − ε ≥ t − W − 2 ε: it was counted when the last was reserved.
/// </remarks>
public static class SlidingTimes
{
    private const int UseMaxMs = 2000;
    private const int StepMinMs = 10;

    /// <summary>Returns W, in milliseconds.</summary>
    public static long LengthMs(Window window) => window.ShortestMs;

    /// <summary>
    /// Returns D: how long after its reservation a number may be used. At most a twentieth of the length and 2 s, but
    /// at least 2 ε, or an owner and a frontend with correct clocks could not serve a short limit together.
    /// </summary>
    public static long UseMs(Window window) =>
        Math.Min(UseMaxMs, Math.Max(LengthMs(window) / 20, 2 * ClockBounds.EpsilonMs));

    /// <summary>
    /// Returns the step to which deadlines are rounded up, so that a record has about 1,100 entries at most.
    /// </summary>
    public static long StepMs(Window window) => Math.Max(LengthMs(window) / 1000, StepMinMs);

    /// <summary>Returns the deadline under which a number reserved at this time is counted.</summary>
    public static long DeadlineMs(Window window, long nowMs)
    {
        var (step, latest) = (StepMs(window), nowMs + UseMs(window));
        return (latest + step - 1) / step * step;
    }

    /// <summary>Returns the first deadline that still counts at this time.</summary>
    public static long FirstCountedMs(Window window, long nowMs) =>
        nowMs - LengthMs(window) - (2 * ClockBounds.EpsilonMs);

    /// <summary>Returns when numbers of this deadline are free again.</summary>
    public static long FreeAtMs(Window window, long deadlineMs) =>
        deadlineMs + LengthMs(window) + (2 * ClockBounds.EpsilonMs) + 1;

    /// <summary>Returns when everything in a record of this time is free.</summary>
    public static long RecordEndMs(Window window, long nowMs) => FreeAtMs(window, DeadlineMs(window, nowMs));

    /// <summary>
    /// Returns whether a part reserved for D may be used at this time. There is no edge to wait for, but a clock this
    /// far behind its owner's is wrong.
    /// </summary>
    public static SpendOutcome CheckSpend(CounterPermit part, long nowMs) =>
        nowMs >= part.WindowEndMs || part.WindowStartMs - nowMs > 2 * ClockBounds.EpsilonMs
            ? SpendOutcome.Expired
            : SpendOutcome.Spent;
}
