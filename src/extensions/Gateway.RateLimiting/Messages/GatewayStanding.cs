namespace Gateway.RateLimiting.Messages;

/// <summary>What is left of a budget.</summary>
internal sealed record GatewayStanding(decimal Remaining);
