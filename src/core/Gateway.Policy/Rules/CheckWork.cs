using Gateway.Policy.Conditions;
using Gateway.Policy.Decisions;
using Gateway.Policy.Json;

namespace Gateway.Policy.Rules;

/// <summary>
/// One call before its checks, with their budgets. Checks in shadow mode have a separate budget, since they never
/// refuse.
/// </summary>
internal sealed class CheckWork(PolicyBinding binding, JsonNode arguments, in PolicyCall call)
{
    private readonly EvaluationContext _enforced = new(arguments, new WorkBudget())
    {
        At = call.At,
        Lists = binding.Lists,
    };

    private EvaluationContext? _shadow;

    /// <summary>Returns the denial or request for approval of a check; null if the call passes.</summary>
    public PolicyDecision? Evaluate(CallCheck check) =>
        check.Evaluate(check.IsShadow ? _shadow ??= _enforced with { Work = new WorkBudget() } : _enforced);
}
