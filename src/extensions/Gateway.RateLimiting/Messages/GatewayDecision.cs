namespace Gateway.RateLimiting.Messages;

/// <summary>What a gateway decided.</summary>
internal sealed record GatewayDecision(
    bool Allowed, IReadOnlyList<GatewayStanding> Costs, string? Reason, decimal? RetryAfter);
