namespace Gateway.RateLimiting.Messages;

/// <summary>What is charged to a budget.</summary>
internal sealed record GatewayCost(string Budget, string? Key, string Cost);
