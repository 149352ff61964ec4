using Gateway.Policy.Json;

namespace Gateway.Policy.Schemas;

/// <summary>One keyword of a schema, or a few that only have a meaning together.</summary>
internal abstract class SchemaKeyword
{
    /// <summary>Whether the value satisfies it; where not, it notes why. Values of another kind satisfy it.</summary>
    public abstract bool Accepts(JsonNode value, SchemaRun run);

    /// <summary>The schemas that it holds against the same value, for the search for endless references.</summary>
    public virtual IEnumerable<Schema> InPlace => [];

    /// <summary>The members that it reads by name.</summary>
    public virtual IEnumerable<string> NamesRead => [];

    /// <summary>The schemas that it holds against members or items of the value.</summary>
    public virtual IEnumerable<Schema> Inner => [];

    /// <summary>Those of <see cref="Inner"/> that may hold for a member of that name.</summary>
    public virtual ReadOnlySpan<Schema> OfMember(string name) => [];

    /// <summary>The one of <see cref="Inner"/> that holds for an item, or null.</summary>
    public virtual Schema? OfItem(int index) => null;
}
