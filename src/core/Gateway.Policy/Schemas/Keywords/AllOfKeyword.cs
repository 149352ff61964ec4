using System.Collections.Immutable;
using Gateway.Policy.Json;

namespace Gateway.Policy.Schemas.Keywords;

/// <summary><c>allOf</c>, and <c>$ref</c> as an <c>allOf</c> of a single schema.</summary>
internal sealed class AllOfKeyword(ImmutableArray<Schema> parts) : SchemaKeyword
{
    public override IEnumerable<Schema> InPlace => parts;

    public override bool Accepts(JsonNode value, SchemaRun run)
    {
        foreach (var part in parts)
        {
            if (!part.Accepts(value, run))
                return false;
        }

        return true;
    }
}
