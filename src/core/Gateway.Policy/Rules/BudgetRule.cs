using Gateway.Limits.Model;
using Gateway.Policy.Conditions;
using Gateway.Policy.Decisions;
using Gateway.Policy.Documents;

namespace Gateway.Policy.Rules;

/// <summary>
/// One budget that a call is charged to: a shared limit of the gateway's configuration that names the grant.
/// </summary>
internal sealed class BudgetRule(BudgetUseDocument written, bool isShadow)
{
    // No policy can charge a budget with keys, so no other charge uses this key.
    private const string ShadowKey = "~shadow";
    private const string CandidateKey = "~candidate";

    private readonly CostTerms? _terms = CostTerms.Of([], written.Wait);

    public string Pointer => written.Pointer;

    public string Budget => written.Budget;

    public bool IsShadow => isShadow;

    /// <summary>True if a call may wait for its room.</summary>
    public bool MayWait => written.Wait > TimeSpan.Zero && !isShadow;

    public Amount FixedCost => written.Increment;

    public ArgumentPath? CostFrom => written.IncrementFrom;

    /// <summary>Returns the charge; otherwise the denial, or null if the budgets are unknown here.</summary>
    public (DecisionCost? Cost, PolicyDecision? Denial) Charge(PolicyBinding binding, Amount cost)
    {
        if (binding.Lists.Budgets is null)
            return (null, null);
        if (binding.Lists.FindBudget(Budget, binding.Grant) is not { } budget)
        {
            return (null, BuiltInDecisions.Deny(
                Pointer, $"The grant {binding.Grant} may not charge the budget {Budget}",
                "Ask the operator to add the grant to \"grants\" of the budget."));
        }

        // A replay binds the recorded generations, but uses the current budgets.
        var counter = binding.Generations.Apply(
            budget.CounterOf(isShadow ? ShadowKey : binding.IsCandidate ? CandidateKey : null));
        return (new DecisionCost(budget.CostOf(counter, cost), Pointer, Budget, budget.Window, budget.WindowText)
        {
            Terms = _terms,
        }, null);
    }
}
