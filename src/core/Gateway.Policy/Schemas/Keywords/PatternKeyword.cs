using Gateway.Policy.Expressions;
using Gateway.Policy.Json;
using Gateway.Policy.Text;

namespace Gateway.Policy.Schemas.Keywords;

/// <summary><c>pattern</c>.</summary>
internal sealed class PatternKeyword(SafeRegex regex) : SchemaKeyword
{
    public override bool Accepts(JsonNode value, SchemaRun run) =>
        value.Kind != JsonKind.String
        || (regex.IsMatch(value.Text, run.Work) ?? run.Exhaust())
        || run.Note($"must match \"{Spelling.Shorten(regex.Text)}\"");
}
