namespace Gateway.RateLimiting.Messages;

/// <summary>A request to a gateway.</summary>
internal sealed record BudgetRequest(string Id, IReadOnlyList<GatewayCost> Costs, bool DryRun);
