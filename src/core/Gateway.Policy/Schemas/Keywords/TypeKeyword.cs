using Gateway.Policy.Json;

namespace Gateway.Policy.Schemas.Keywords;

/// <summary><c>type</c>.</summary>
internal sealed class TypeKeyword(string[] types) : SchemaKeyword
{
    public static readonly string[] Names = ["null", "boolean", "object", "array", "number", "string", "integer"];

    public override bool Accepts(JsonNode value, SchemaRun run)
    {
        foreach (var type in types)
        {
            if (Is(value, type, run))
                return true;
        }

        return run.Note($"must be of type {string.Join(" or ", types)}");
    }

    private static bool Is(JsonNode value, string type, SchemaRun run) => value.Kind switch
    {
        JsonKind.Null => type == "null",
        JsonKind.True or JsonKind.False => type == "boolean",
        JsonKind.Object => type == "object",
        JsonKind.Array => type == "array",
        JsonKind.String => type == "string",
        _ => (type == "number" && run.IsExact(value))
            || (type == "integer" && run.TryNumber(value, out var number) && number.IsInteger),
    };
}
