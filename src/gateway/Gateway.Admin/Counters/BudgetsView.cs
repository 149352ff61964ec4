namespace Gateway.Admin.Counters;

/// <summary>What a grant may still use.</summary>
/// <param name="Grant">The grant.</param>
/// <param name="Budgets">Its limits, the most used first; limits for each value or session are not among them.</param>
internal sealed record BudgetsView(string Grant, IReadOnlyList<BudgetView> Budgets);
