using System.Collections.Immutable;
using Gateway.Policy.Json;
using Gateway.Policy.Text;

namespace Gateway.Policy.Schemas.Keywords;

/// <summary><c>required</c>, and <c>dependentRequired</c> for one member.</summary>
internal sealed class RequiredKeyword(ImmutableArray<string> names, string? onlyWith) : SchemaKeyword
{
    public override IEnumerable<string> NamesRead => onlyWith is null ? names : names.Append(onlyWith);

    public override bool Accepts(JsonNode value, SchemaRun run)
    {
        if (value.Kind != JsonKind.Object || (onlyWith is not null && value.Find(onlyWith) is null))
            return true;
        if (!run.Work.Spend(Math.Min(names.Length, value.Members.Length)))
            return false;
        foreach (var name in names)
        {
            if (value.Find(name) is null)
                return run.Note($"must have a member \"{Spelling.Shorten(name)}\"");
        }

        return true;
    }
}
