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
    private readonly EvaluationContext _enforced = Context(binding, arguments, call);

    private EvaluationContext? _shadow;

    /// <summary>Returns the denial or request for approval of a check; null if the call passes.</summary>
    public PolicyDecision? Evaluate(CallCheck check) =>
        check.Evaluate(check.IsShadow ? _shadow ??= _enforced with { Work = new WorkBudget() } : _enforced);

    private static EvaluationContext Context(PolicyBinding binding, JsonNode arguments, in PolicyCall call)
    {
        var context = new EvaluationContext(arguments, new WorkBudget())
        {
            At = call.At,
            Lists = binding.Lists,
        };
        if (call.Caller is null && call.Headers is null)
            return context;
        return CallerTree.Of(call.Caller, call.Headers) is { } caller
            ? context with { Caller = caller }
            : context with { CallerFault = CallerTree.Unreadable };
    }
}
