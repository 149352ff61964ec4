namespace Gateway.RateLimiting.Messages;

/// <summary>A charge to a budget.</summary>
internal sealed record GatewayCost(string Budget, string? Key, string Cost);
