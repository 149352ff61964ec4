using Gateway.Limits.Model;

namespace Gateway.Policy.Tools.Replay;

/// <summary>What a call that was let through had counted on one counter.</summary>
/// <param name="Key">The counter's identity as text.</param>
/// <param name="WindowStartMs">The start of its window, Unix milliseconds.</param>
/// <param name="Cost">What the call took.</param>
/// <param name="Used">What was charged then, this call included.</param>
public readonly record struct RecordedCounter(string Key, long WindowStartMs, Amount Cost, Amount Used);
