namespace Gateway.Limits.Model;

/// <summary>
/// Assumptions about the clocks of a fleet. Only the guarantee in time depends on them; the count itself does not.
/// </summary>
public static class ClockBounds
{
    /// <summary>Maximum difference between a clock and true time, in milliseconds (ε).</summary>
    public const int EpsilonMs = 250;

    /// <summary>A clock that differs by more than this is known to be wrong, in milliseconds.</summary>
    public const int EpsilonMaxMs = 1000;

    /// <summary>
    /// Maximum lead of another process's clock, in milliseconds. A later timestamp came from a clock that has been set
    /// back since, so its lifetime began at a time that was never true. It counts as expired.
    /// </summary>
    public const int AheadMaxMs = 60_000;

    /// <summary>
    /// Maximum lead of a clock at its start over the highest time trusted before, in milliseconds: 30 days. A gateway
    /// that was down for longer needs a confirmation.
    /// </summary>
    public const long StartAheadMaxMs = 30L * 24 * 3600 * 1000;

    /// <summary>
    /// One part in this many is the maximum drift of a monotonic clock from true time: 500 ppm, the most that the
    /// kernel slews.
    /// </summary>
    public const int DriftParts = 2000;
}
