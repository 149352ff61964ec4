namespace Gateway.RateLimiting.Messages;

internal sealed record BudgetRequest(string Id, IReadOnlyList<GatewayCost> Costs, bool DryRun);

internal sealed record GatewayCost(string Budget, string? Key, string Cost);
