namespace Gateway.RateLimiting.Messages;

/// <summary>A gateway's decision.</summary>
internal sealed record GatewayDecision(
    bool Allowed, IReadOnlyList<GatewayStanding> Costs, string? Reason, decimal? RetryAfter);
