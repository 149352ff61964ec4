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
}
