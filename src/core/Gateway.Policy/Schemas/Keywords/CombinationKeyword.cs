using System.Collections.Immutable;
using Gateway.Policy.Json;

namespace Gateway.Policy.Schemas.Keywords;

/// <summary><c>anyOf</c> and <c>oneOf</c>.</summary>
internal sealed class CombinationKeyword(ImmutableArray<Schema> parts, bool isOne) : SchemaKeyword
{
    public override IEnumerable<Schema> InPlace => parts;

    public override bool Accepts(JsonNode value, SchemaRun run)
    {
        var accepting = 0;
        foreach (var part in parts)
        {
            if (run.AcceptsSilently(part, value))
                accepting++;
            // Each accepting branch of anyOf may have evaluated other parts, so all branches run if those are needed.
            if (isOne ? accepting == 2 : accepting == 1 && run.Evaluated is null)
                break;
        }

        return (isOne ? accepting == 1 : accepting > 0) || run.Note(
            accepting == 0 ? "matches none of the alternatives in the policy" : "matches more than one alternative in "
                + "the policy");
    }
}
