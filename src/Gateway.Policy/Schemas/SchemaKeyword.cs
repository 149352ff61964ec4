using Gateway.Policy.Json;

namespace Gateway.Policy.Schemas;

/// <summary>One keyword of a schema, or a few that only have a meaning together.</summary>
internal abstract class SchemaKeyword
{
    /// <summary>Whether the value satisfies it; where not, it notes why. Values of another kind satisfy it.</summary>
    public abstract bool Accepts(JsonNode value, SchemaRun run);

    /// <summary>The schemas that it holds against the same value, for the search for endless references.</summary>
    public virtual IEnumerable<Schema> InPlace => [];
}
