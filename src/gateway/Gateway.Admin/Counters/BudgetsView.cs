namespace Gateway.Admin.Counters;

/// <summary>The remaining budgets of a grant.</summary>
/// <param name="Grant">The grant.</param>
/// <param name="Budgets">Its limits, the most used first, except limits for each value or session.</param>
internal sealed record BudgetsView(string Grant, IReadOnlyList<BudgetView> Budgets);
