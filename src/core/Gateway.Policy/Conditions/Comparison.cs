using Gateway.Policy.Json;
using Gateway.Policy.Lists;

namespace Gateway.Policy.Conditions;

/// <summary>One comparison of an argument with a value of the policy.</summary>
internal abstract class Comparison
{
    /// <summary>Compares an argument. The result has no meaning once the budget is used up.</summary>
    public abstract TriState Compare(JsonNode argument, in EvaluationContext call);

    /// <summary>True if the comparison reads numbers.</summary>
    public virtual bool ReadsNumbers => false;

    /// <summary>The list to compare with, if any.</summary>
    public virtual ListUse? List => null;

    /// <summary>Returns the words that follow the path in a sentence: <c>is at most 10</c>.</summary>
    public abstract string Describe();
}
