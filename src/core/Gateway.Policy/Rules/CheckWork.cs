using Gateway.Policy.Conditions;
using Gateway.Policy.Decisions;
using Gateway.Policy.Json;

namespace Gateway.Policy.Rules;

/// <summary>
/// One call before its checks, and what they may cost: those in shadow apart, since they never refuse.
/// </summary>
internal sealed class CheckWork(PolicyBinding binding, JsonNode arguments, in PolicyCall call)
{
    private readonly JudgedCall _enforced = new(arguments, new WorkBudget())
    {
        At = call.At,
        Lists = binding.Lists,
    };

    private JudgedCall? _shadow;

    /// <summary>The denial or ask that the check comes to; null where the call passes.</summary>
    public PolicyDecision? Judge(CallCheck check) =>
        check.Judge(check.IsShadow ? _shadow ??= _enforced with { Work = new WorkBudget() } : _enforced);
}
