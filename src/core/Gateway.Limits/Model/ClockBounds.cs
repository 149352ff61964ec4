namespace Gateway.Limits.Model;

/// <summary>
/// What is assumed of the clocks of a fleet. Only the promise in time rests on it; the count itself does not.
/// </summary>
public static class ClockBounds
{
    /// <summary>How far a clock may be from true time, in milliseconds.</summary>
    public const int EpsilonMs = 250;

    /// <summary>Beyond this distance a clock is known to be wrong, in milliseconds.</summary>
    public const int EpsilonMaxMs = 1000;

    /// <summary>
    /// Another process's clock may be ahead by this much, in milliseconds. What is dated later was made by a clock that
    /// was set back since: it ends, because its lifetime began at a time that was never true.
    /// </summary>
    public const int AheadMaxMs = 60_000;

    /// <summary>
    /// At its start a clock may be ahead of the highest time that was trusted before by this much, in milliseconds: 30
    /// days. A gateway that was down for longer needs a confirmation.
    /// </summary>
    public const long StartAheadMaxMs = 30L * 24 * 3600 * 1000;

    /// <summary>
    /// One part in this many is the most by which a monotonic clock drifts from true time: 500 ppm, the most that the
    /// kernel slews.
    /// </summary>
    public const int DriftParts = 2000;
}
