namespace Gateway.RateLimiting.Messages;

internal sealed record GatewayDecision(
    bool Allowed, IReadOnlyList<GatewayStanding> Costs, string? Reason, decimal? RetryAfter);
