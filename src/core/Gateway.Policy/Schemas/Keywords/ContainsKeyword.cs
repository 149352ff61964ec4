using Gateway.Policy.Json;

namespace Gateway.Policy.Schemas.Keywords;

/// <summary><c>contains</c> with <c>minContains</c> and <c>maxContains</c>.</summary>
internal sealed class ContainsKeyword(Schema wanted, JsonDecimal min, JsonDecimal? max) : SchemaKeyword
{
    public override IEnumerable<Schema> Inner => [wanted];

    public override Schema? OfItem(int index) => wanted;

    public override bool Accepts(JsonNode value, SchemaRun run)
    {
        if (value.Kind != JsonKind.Array)
            return true;
        var count = 0;
        for (var i = 0; i < value.Items.Length; i++)
        {
            if (!run.AcceptsPartSilently(wanted, value.Items[i]))
                continue;
            count++;
            run.Evaluated?.AddItem(i);
        }

        var found = JsonDecimal.OfInteger(count);
        return (found.CompareTo(min) >= 0 && (max is not { } most || found.CompareTo(most) <= 0))
            || run.Note("has too few or too many items that match the schema in the policy");
    }
}
