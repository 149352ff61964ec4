using Gateway.Policy.Json;

namespace Gateway.Policy.Schemas.Keywords;

/// <summary><c>multipleOf</c>, exactly: 0.3 is a multiple of 0.1.</summary>
internal sealed class MultipleKeyword(JsonDecimal divisor, string written) : SchemaKeyword
{
    public override bool Accepts(JsonNode value, SchemaRun run) =>
        value.Kind != JsonKind.Number
        || (run.Work.Spend(value.Text.Length) && run.TryNumber(value, out var number)
            && SchemaMath.IsMultiple(number, divisor))
        || run.Note($"must be a multiple of {written}");
}
