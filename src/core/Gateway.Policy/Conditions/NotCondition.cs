using Gateway.Policy.Json;

namespace Gateway.Policy.Conditions;

/// <summary>The opposite; inside it <c>[*]</c> asks for the other quantity.</summary>
internal sealed class NotCondition(Condition inner) : Condition
{
    public override IEnumerable<ArgumentPath> Paths => inner.Paths;

    public override TriState Evaluate(JsonNode arguments, Quantifier quantifier, WorkBudget work) => TriStateTable.Not(
        inner.Evaluate(
            arguments, quantifier == Quantifier.Every ? Quantifier.Any : Quantifier.Every, work));

    public override string Describe() => $"not ({inner.Describe()})";
}
