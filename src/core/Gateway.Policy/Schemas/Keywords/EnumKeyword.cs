using System.Collections.Frozen;
using Gateway.Policy.Json;

namespace Gateway.Policy.Schemas.Keywords;

/// <summary><c>enum</c>, and <c>const</c> as an <c>enum</c> of a single value.</summary>
internal sealed class EnumKeyword(IEnumerable<JsonNode> values) : SchemaKeyword
{
    private readonly FrozenSet<JsonNode> _values = values.ToFrozenSet(JsonEquality.Instance);

    private readonly FrozenSet<JsonKind> _kinds = values.Select(static value => value.Kind).ToFrozenSet();

    public override bool Accepts(JsonNode value, SchemaRun run) =>
        (_kinds.Contains(value.Kind) && run.IsExact(value) && run.Work.SpendOn(value) && _values.Contains(value))
        || run.Note("must be one of the values that the policy lists");
}
