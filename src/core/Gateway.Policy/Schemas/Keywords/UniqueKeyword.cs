using Gateway.Policy.Json;

namespace Gateway.Policy.Schemas.Keywords;

/// <summary><c>uniqueItems: true</c>.</summary>
internal sealed class UniqueKeyword : SchemaKeyword
{
    public override bool Accepts(JsonNode value, SchemaRun run)
    {
        if (value.Kind != JsonKind.Array)
            return true;
        var seen = new HashSet<JsonNode>(JsonEquality.Instance);
        foreach (var item in value.Items)
        {
            if (!run.IsExact(item) || !run.Work.SpendOn(item) || !seen.Add(item))
                return run.Note("must not contain an item twice");
        }

        return true;
    }
}
