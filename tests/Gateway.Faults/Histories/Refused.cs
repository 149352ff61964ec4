namespace Gateway.Faults.Histories;

/// <summary>A call that a limit refused, as the gateway recorded it.</summary>
/// <param name="Counter">The counter that had no room.</param>
/// <param name="EndMs">The end of the full window; for calls in flight, the time of the refusal.</param>
/// <param name="Max">The maximum that it was evaluated against.</param>
internal readonly record struct Refused(string Counter, long EndMs, decimal Max)
{
    /// <summary>The counter of calls that are open at once.</summary>
    public const string InFlight = "(in flight)";
}
