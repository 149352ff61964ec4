using Gateway.Control.Contracts;

namespace Gateway.Admin.Budgets;

/// <summary>A budget with its users.</summary>
internal sealed record SharedBudgetView : BudgetSpec
{
    /// <summary>The budget's name.</summary>
    public string Name { get; init; } = "";

    /// <summary><c>file</c> or <c>api</c>.</summary>
    public string Origin { get; init; } = "";

    /// <summary>Its use and its users.</summary>
    public required BudgetStatusView Status { get; init; }
}

/// <summary>The use of a budget and its users.</summary>
/// <param name="Used">The exact amount that its window has charged; null if it is unknown, or if it is keyed.</param>
/// <param name="Max">The maximum now, with the top-ups in effect; null if it is the budget's own.</param>
/// <param name="Left">The amount that the window can still admit.</param>
/// <param name="UsedRatio">The used fraction.</param>
/// <param name="Reset">The end of the window.</param>
/// <param name="ExhaustedAt">
/// The time at which the window is exhausted at its rate so far; null if that is not before its end, or unknown.
/// </param>
/// <param name="Problem">The reason why the use is unknown.</param>
/// <param name="Policies">The policies that charge it.</param>
/// <param name="Consumers">The grants whose policies charge it, at most 100; in the list of budgets, null.</param>
internal sealed record BudgetStatusView(
    string? Used, string? Max, string? Left, double? UsedRatio, DateTimeOffset? Reset, DateTimeOffset? ExhaustedAt,
    string? Problem, IReadOnlyList<string> Policies, IReadOnlyList<string>? Consumers);
