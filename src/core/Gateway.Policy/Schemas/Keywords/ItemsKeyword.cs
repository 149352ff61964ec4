using System.Collections.Immutable;
using Gateway.Policy.Json;

namespace Gateway.Policy.Schemas.Keywords;

/// <summary><c>prefixItems</c> with <c>items</c> for the rest.</summary>
internal sealed class ItemsKeyword(ImmutableArray<Schema> prefix, Schema? rest) : SchemaKeyword
{
    public override IEnumerable<Schema> Inner => rest is null ? prefix : prefix.Append(rest);

    public override Schema? OfItem(int index) => index < prefix.Length ? prefix[index] : rest;

    public override bool Accepts(JsonNode value, SchemaRun run)
    {
        for (var i = 0; i < value.Items.Length; i++)
        {
            if (OfItem(i) is { } schema && !run.AcceptsItem(schema, i, value.Items[i]))
                return false;
        }

        run.Evaluated?.AddPrefix(rest is null ? prefix.Length : value.Items.Length);
        return true;
    }
}
