using Gateway.Policy.Conditions;
using Gateway.Policy.Decisions;
using Gateway.Policy.Schemas;

namespace Gateway.Policy.Rules;

/// <summary>The schema of <c>arguments</c>.</summary>
internal sealed class SchemaCheck(Schema schema, string pointer, bool isShadow, bool readsDecimals)
    : CallCheck(pointer, isShadow)
{
    public override PolicyDecision? Evaluate(in EvaluationContext call)
    {
        var run = new SchemaRun(call.Work, checksNumbers: !readsDecimals);
        var isAccepted = schema.Accepts(call.Arguments, run) && !run.IsExhausted;
        if (run.InexactPlace is { } place)
            return BuiltInDecisions.InexactNumber(place);
        return isAccepted
            ? null
            : BuiltInDecisions.Deny(
                Pointer, run.Failure,
                run.IsExhausted ? BuiltInDecisions.SendFewer : "Change the arguments, then call again.");
    }
}
