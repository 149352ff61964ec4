namespace Gateway.Faults.Histories;

/// <summary>A call that a limit refused, as the gateway put it on record.</summary>
/// <param name="Counter">The counter that had no room.</param>
/// <param name="EndMs">The end of the window that was full.</param>
/// <param name="Max">The maximum that it was judged by.</param>
internal readonly record struct Refused(string Counter, long EndMs, decimal Max);
