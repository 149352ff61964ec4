namespace Gateway.RateLimiting.Messages;

/// <summary>The remaining amount of a budget.</summary>
internal sealed record GatewayStanding(decimal Remaining);
