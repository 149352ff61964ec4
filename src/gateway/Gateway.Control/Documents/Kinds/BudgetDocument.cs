using Gateway.Control.Contracts;
using Gateway.Policy.Budgets;

namespace Gateway.Control.Documents.Kinds;

/// <summary>A budget in the store. <see cref="Policy.Documents.BudgetReader"/> reads it.</summary>
public sealed record BudgetDocument : BudgetSpec
{
    /// <summary>
    /// Returns the stored content, which is always the same for the same budget: without the top-ups that have ended.
    /// </summary>
    public static byte[] Write(Budget budget, long nowMs) =>
        ControlJsonContext.Write(Of(budget, new BudgetDocument(), nowMs), ControlJsonContext.Default.BudgetDocument);
}
