using Gateway.Policy.Json;

namespace Gateway.Policy.Schemas.Keywords;

/// <summary><c>propertyNames</c>.</summary>
internal sealed class MemberNamesKeyword(Schema names) : SchemaKeyword
{
    public override bool Accepts(JsonNode value, SchemaRun run)
    {
        foreach (var (name, offset, _) in value.Members)
        {
            if (!run.AcceptsPartSilently(names, JsonNode.OfText(JsonKind.String, offset, name)))
                return run.Note("has a member whose name the policy does not allow");
        }

        return true;
    }
}
