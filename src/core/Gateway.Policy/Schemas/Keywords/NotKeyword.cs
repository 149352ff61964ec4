using Gateway.Policy.Json;

namespace Gateway.Policy.Schemas.Keywords;

/// <summary><c>not</c>.</summary>
internal sealed class NotKeyword(Schema inner) : SchemaKeyword
{
    public override IEnumerable<Schema> InPlace => [inner];

    public override bool Accepts(JsonNode value, SchemaRun run) =>
        !run.AcceptsSilently(inner, value) || run.Note("matches a schema that the policy excludes");
}
