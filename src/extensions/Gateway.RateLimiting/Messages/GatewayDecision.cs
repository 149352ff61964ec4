namespace Gateway.RateLimiting.Messages;

internal sealed record GatewayDecision(
    bool Allowed, IReadOnlyList<GatewayStanding> Costs, string? Reason, decimal? RetryAfter);

/// <summary>The remaining amount of a budget.</summary>
internal sealed record GatewayStanding(decimal Remaining);
