using Gateway.Policy.Json;

namespace Gateway.Policy.Schemas.Keywords;

/// <summary>Bounds on the size of strings (code points), arrays or objects.</summary>
internal sealed class SizeKeyword(JsonKind kind, Order order, JsonDecimal bound, string written) : SchemaKeyword
{
    public override bool Accepts(JsonNode value, SchemaRun run)
    {
        if (value.Kind != kind)
            return true;
        if (!run.Work.SpendText(value.Text))
            return false;
        var size = kind switch
        {
            JsonKind.String => CodePoints.Count(value.Text),
            JsonKind.Array => value.Items.Length,
            _ => value.Members.Length,
        };
        return order.Holds(JsonDecimal.OfInteger(size).CompareTo(bound))
            || run.Note($"must have {order.Words} {written} {Noun}");
    }

    private string Noun => kind switch
    {
        JsonKind.String => "characters",
        JsonKind.Array => "items",
        _ => "members",
    };
}
