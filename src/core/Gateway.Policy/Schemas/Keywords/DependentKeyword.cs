using Gateway.Policy.Json;

namespace Gateway.Policy.Schemas.Keywords;

/// <summary><c>dependentSchemas</c> for one member.</summary>
internal sealed class DependentKeyword(string name, Schema schema) : SchemaKeyword
{
    public override IEnumerable<Schema> InPlace => [schema];

    public override IEnumerable<string> NamesRead => [name];

    public override bool Accepts(JsonNode value, SchemaRun run) =>
        value.Kind != JsonKind.Object || value.Find(name) is null || schema.Accepts(value, run);
}
