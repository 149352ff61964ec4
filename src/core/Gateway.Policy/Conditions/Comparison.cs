using Gateway.Policy.Json;
using Gateway.Policy.Lists;

namespace Gateway.Policy.Conditions;

/// <summary>One comparison of an argument with a value of the policy.</summary>
internal abstract class Comparison
{
    /// <summary>What it comes to means nothing once the budget is used up.</summary>
    public abstract TriState Compare(JsonNode argument, in JudgedCall call);

    /// <summary>Whether it compares numbers.</summary>
    public virtual bool ReadsNumbers => false;

    /// <summary>The list that it compares with, if any.</summary>
    public virtual ListUse? List => null;

    /// <summary>What follows the path in a sentence: <c>is at most 10</c>.</summary>
    public abstract string Describe();
}
