namespace Gateway.RateLimiting.Messages;

internal sealed record GatewayCost(string Budget, string? Key, string Cost);
