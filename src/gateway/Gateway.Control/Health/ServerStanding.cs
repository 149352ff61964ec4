namespace Gateway.Control.Health;

/// <summary>How a server stands.</summary>
/// <param name="SinceMs">Since when, Unix milliseconds.</param>
/// <param name="Fault">Why there was no answer; null where there was one.</param>
/// <param name="Place">The address or program that was asked: of another one nothing is known.</param>
public sealed record ServerStanding(long SinceMs, string? Fault, object? Place);
