using System.Collections.Immutable;
using Gateway.Policy.Conditions;
using Gateway.Policy.Decisions;

namespace Gateway.Policy.Rules;

/// <summary>
/// <c>number</c>: a number that a rule reads must be exact as a double. Otherwise the policy could count or compare
/// another value than the server acts on.
/// </summary>
internal sealed class NumberCheck(ImmutableArray<ArgumentPath> paths, bool isShadow)
    : CallCheck(PolicyRuleNames.UnreadableArguments, isShadow)
{
    public override string StepName => "numbers";

    public override string PassText => "every number that a rule reads is exact as a double";

    public override PolicyDecision? Evaluate(in EvaluationContext call)
    {
        foreach (var path in paths)
        {
            var place = ExactPaths.FindInexact(path, call.Arguments, call.Work);
            if (call.Work.IsExhausted)
                return BuiltInDecisions.TooMuch(Pointer);
            if (place is not null)
                return BuiltInDecisions.InexactNumber(place);
        }

        return null;
    }
}
