using Gateway.Policy.Json;

namespace Gateway.Policy.Schemas.Keywords;

/// <summary><c>minimum</c>, <c>maximum</c> and the exclusive ones, exactly.</summary>
internal sealed class RangeKeyword(Order order, JsonDecimal bound, string written) : SchemaKeyword
{
    public override bool Accepts(JsonNode value, SchemaRun run) =>
        value.Kind != JsonKind.Number
        || (run.TryNumber(value, out var number) && order.Holds(number.CompareTo(bound)))
        || run.Note($"must be {order.Words} {written}");
}
