using Gateway.Policy.Json;

namespace Gateway.Policy.Conditions;

/// <summary><c>length_…</c>: code points of a string, elements of an array, members of an object.</summary>
internal sealed class LengthComparison(Order order, JsonDecimal value, string written) : Comparison
{
    public override TriState Compare(JsonNode argument, in JudgedCall call)
    {
        if (!call.Work.SpendText(argument.Text))
            return TriState.Incomparable;
        int? length = argument.Kind switch
        {
            JsonKind.String => CodePoints.Count(argument.Text),
            JsonKind.Array => argument.Items.Length,
            JsonKind.Object => argument.Members.Length,
            _ => null,
        };
        return length is { } known
            ? TriStateTable.Of(order.Holds(JsonDecimal.OfInteger(known).CompareTo(value)))
            : TriState.Incomparable;
    }

    public override string Describe() => $"has a length of {order.Words} {written}";
}
