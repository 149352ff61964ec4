using Gateway.Policy.Json;

namespace Gateway.Policy.Schemas;

/// <summary>One keyword of a schema, or several that only have a meaning together.</summary>
internal abstract class SchemaKeyword
{
    /// <summary>
    /// Returns true if the value satisfies the keyword; otherwise records the reason. Values of another kind satisfy
    /// it.
    /// </summary>
    public abstract bool Accepts(JsonNode value, SchemaRun run);

    /// <summary>
    /// The schemas that the keyword applies to the same value, for the search for endless references.
    /// </summary>
    public virtual IEnumerable<Schema> InPlace => [];

    /// <summary>The members that the keyword reads by name.</summary>
    public virtual IEnumerable<string> NamesRead => [];

    /// <summary>The schemas that the keyword applies to members or items of the value.</summary>
    public virtual IEnumerable<Schema> Inner => [];

    /// <summary>Returns the schemas in <see cref="Inner"/> that may apply to a member of that name.</summary>
    public virtual ReadOnlySpan<Schema> OfMember(string name) => [];

    /// <summary>Returns the schema in <see cref="Inner"/> that applies to an item, or null.</summary>
    public virtual Schema? OfItem(int index) => null;
}
