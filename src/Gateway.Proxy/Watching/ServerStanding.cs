namespace Gateway.Proxy.Watching;

/// <summary>How a server stands.</summary>
/// <param name="SinceMs">Since when, Unix milliseconds.</param>
/// <param name="Fault">Why there was no answer; null where there was one.</param>
internal sealed record ServerStanding(long SinceMs, string? Fault);
