namespace Gateway.RateLimiting.Messages;

/// <summary>What a gateway is asked.</summary>
internal sealed record BudgetRequest(string Id, IReadOnlyList<GatewayCost> Costs, bool DryRun);
