namespace Gateway.Admin.Counters;

/// <summary>The remaining budgets of a grant.</summary>
/// <param name="Grant">The grant.</param>
/// <param name="Budgets">Its limits, the most used first; for each person or value, their number.</param>
internal sealed record BudgetsView(string Grant, IReadOnlyList<BudgetView> Budgets);
