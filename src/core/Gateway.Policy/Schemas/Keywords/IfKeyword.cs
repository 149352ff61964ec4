using Gateway.Policy.Json;

namespace Gateway.Policy.Schemas.Keywords;

/// <summary><c>if</c> with <c>then</c> and <c>else</c>.</summary>
internal sealed class IfKeyword(Schema condition, Schema? then, Schema? otherwise) : SchemaKeyword
{
    public override IEnumerable<Schema> InPlace =>
        new[] { condition, then, otherwise }.OfType<Schema>();

    public override bool Accepts(JsonNode value, SchemaRun run)
    {
        var branch = run.AcceptsSilently(condition, value) ? then : otherwise;
        return branch is null || branch.Accepts(value, run);
    }
}
