using Gateway.Policy.Conditions;
using Gateway.Policy.Decisions;
using Gateway.Policy.Documents;
using Gateway.Policy.Json;

namespace Gateway.Policy.Rules;

/// <summary>
/// One condition of <c>show_if</c>. Without it, or if it cannot be evaluated, the tool is hidden, in shadow mode too.
/// </summary>
internal sealed class ShowCheck(ConditionDocument written)
{
    private static readonly JsonNode NoArguments = JsonNode.OfObject(0, []);

    // Hidden tools look alike, so the reason of the document stays out.
    private readonly PolicyDecision _hidden = BuiltInDecisions.Hidden with { Rule = written.Pointer };

    public string Pointer => written.Pointer;

    /// <summary>Returns the denial that hides a tool from the caller; null if the caller may see it.</summary>
    public static PolicyDecision? Evaluate(PolicyBinding binding, ToolRule rule, Caller? caller)
    {
        if (rule.ShowIf.IsEmpty)
            return null;
        if (CallerTree.Of(caller) is not { } tree)
            return rule.ShowIf[0]._hidden;
        var context = new EvaluationContext(NoArguments, new WorkBudget()) { Lists = binding.Lists, Caller = tree };
        foreach (var check in rule.ShowIf)
        {
            if (!check.Holds(context))
                return check._hidden;
        }

        return null;
    }

    private bool Holds(in EvaluationContext context) =>
        written.Condition.Evaluate(context, Quantifier.Every) == TriState.True
        && !context.Work.IsExhausted && context.Work.Fault is null;
}
