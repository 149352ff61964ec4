using Gateway.Limits.Model;

namespace Gateway.Policy.Tools.Replay;

/// <summary>The charge of an allowed call on one counter.</summary>
/// <param name="Key">The counter's identity as text.</param>
/// <param name="WindowStartMs">The start of its window, Unix milliseconds.</param>
/// <param name="Cost">The amount that the call took.</param>
/// <param name="Used">The amount charged at that time, this call included.</param>
public readonly record struct RecordedCounter(string Key, long WindowStartMs, Amount Cost, Amount Used);
