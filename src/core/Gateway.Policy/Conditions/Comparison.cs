using Gateway.Policy.Json;

namespace Gateway.Policy.Conditions;

/// <summary>One comparison of an argument with a value of the policy.</summary>
internal abstract class Comparison
{
    /// <summary>What it comes to means nothing once the budget is used up.</summary>
    public abstract TriState Compare(JsonNode argument, WorkBudget work);

    /// <summary>What follows the path in a sentence: <c>is at most 10</c>.</summary>
    public abstract string Describe();
}
