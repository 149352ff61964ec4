using Gateway.Policy.Json;

namespace Gateway.Policy.Conditions;

/// <summary><c>lt</c>, <c>lte</c>, <c>gt</c>, <c>gte</c>: numbers only, as exact decimals.</summary>
internal sealed class OrderComparison(Order order, JsonDecimal value, string written) : Comparison
{
    public override bool ReadsNumbers => true;

    public override TriState Compare(JsonNode argument, in JudgedCall call) =>
        Numbers.TryRead(argument, call.Work, out var number)
            ? TriStateTable.Of(order.Holds(number.CompareTo(value)))
            : TriState.Incomparable;

    public override string Describe() => $"is {order.Words} {written}";
}
