namespace Gateway.Faults.Histories;

/// <summary>A call that a limit refused, as the gateway put it on record.</summary>
/// <param name="Counter">The counter that had no room.</param>
/// <param name="EndMs">The end of the window that was full; of calls in flight, when it was refused.</param>
/// <param name="Max">The maximum that it was evaluated by.</param>
internal readonly record struct Refused(string Counter, long EndMs, decimal Max)
{
    /// <summary>The counter of calls that are open at once.</summary>
    public const string InFlight = "(in flight)";
}
