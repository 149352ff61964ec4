using System.Runtime.CompilerServices;
using Gateway.Policy.Json;

namespace Gateway.Policy.Schemas;

/// <summary>
/// One compiled schema. Its keywords are set once, after it was made, since schemas may refer to each other.
/// </summary>
internal sealed class Schema
{
    public SchemaKeyword[] Keywords { get; set; } = [];

    /// <summary>For <c>true</c> and <c>false</c>; null for an object.</summary>
    public bool? Constant { get; init; }

    /// <summary>
    /// Whether the value satisfies it. Stops, and says no, where that takes more than the run's bounds.
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

    private bool AcceptsKeywords(JsonNode value, SchemaRun run)
    {
        foreach (var keyword in Keywords)
        {
            if (!keyword.Accepts(value, run) || run.IsExhausted)
                return false;
        }

        return true;
    }
}
