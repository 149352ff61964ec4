using System.Runtime.CompilerServices;
using Gateway.Policy.Json;

namespace Gateway.Policy.Schemas;

/// <summary>
/// One compiled schema. Its keywords are set once after its creation, since schemas may refer to each other.
/// </summary>
internal sealed class Schema
{
    public SchemaKeyword[] Keywords { get; set; } = [];

    /// <summary>True if a keyword reads which parts of the value the others have evaluated.</summary>
    public bool ReadsEvaluated { get; set; }

    /// <summary>The result of the schemas <c>true</c> and <c>false</c>; null for an object.</summary>
    public bool? Constant { get; init; }

    /// <summary>
    /// Returns true if the value satisfies the schema. Stops and returns false if the evaluation exceeds the run's
    /// bounds.
    /// </summary>
    public bool Accepts(JsonNode value, SchemaRun run)
    {
        if (!run.TryEnter(Keywords.Length) || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
            return run.Exhaust();
        var accepted = Constant ?? AcceptsKeywords(value, run);
        if (Constant == false)
            run.Note("is not allowed");
        run.Leave();
        return accepted;
    }

    // Only a subschema that accepts the value passes on the parts that it evaluated.
    private bool AcceptsKeywords(JsonNode value, SchemaRun run)
    {
        var outer = run.Evaluated;
        if (outer is null && !ReadsEvaluated)
            return AcceptsAll(value, run);
        var own = run.Evaluated = new EvaluatedParts();
        var accepted = AcceptsAll(value, run) && (outer is null || outer.Add(own, run.Work));
        run.Evaluated = outer;
        return accepted;
    }

    private bool AcceptsAll(JsonNode value, SchemaRun run)
    {
        foreach (var keyword in Keywords)
        {
            if (!keyword.Accepts(value, run) || run.IsExhausted)
                return false;
        }

        return true;
    }
}
