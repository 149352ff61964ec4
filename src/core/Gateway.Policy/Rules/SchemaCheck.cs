using Gateway.Policy.Decisions;
using Gateway.Policy.Json;
using Gateway.Policy.Schemas;

namespace Gateway.Policy.Rules;

/// <summary>The schema of <c>arguments</c>.</summary>
internal sealed class SchemaCheck(Schema schema, string pointer, bool isShadow) : CallCheck(pointer, isShadow)
{
    public override PolicyDecision? Deny(JsonNode arguments, WorkBudget work)
    {
        var run = new SchemaRun(work);
        return schema.Accepts(arguments, run) && !run.IsExhausted
            ? null
            : BuiltInDecisions.Deny(Pointer, run.Failure, "Change the arguments, then call again.");
    }
}
