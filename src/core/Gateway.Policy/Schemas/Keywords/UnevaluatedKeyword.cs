using Gateway.Policy.Json;

namespace Gateway.Policy.Schemas.Keywords;

/// <summary>
/// <c>unevaluatedProperties</c> or <c>unevaluatedItems</c>, for the parts that no keyword of the same schema, or of
/// another one that applies to the same value, has evaluated. It runs after all other keywords of its schema.
/// </summary>
internal sealed class UnevaluatedKeyword(Schema rest, bool isOfItems) : SchemaKeyword
{
    private readonly Schema[] _ofMembers = isOfItems ? [] : [rest];

    public override IEnumerable<Schema> Inner => [rest];

    public override ReadOnlySpan<Schema> OfMember(string name) => _ofMembers;

    public override Schema? OfItem(int index) => isOfItems ? rest : null;

    public override bool Accepts(JsonNode value, SchemaRun run) =>
        isOfItems ? AcceptsItems(value, run) : AcceptsMembers(value, run);

    private bool AcceptsMembers(JsonNode value, SchemaRun run)
    {
        foreach (var (name, _, member) in value.Members)
        {
            if (!run.Evaluated!.HasMember(name) && !run.AcceptsMember(rest, name, member))
                return false;
        }

        run.Evaluated!.AddAllMembers();
        return true;
    }

    private bool AcceptsItems(JsonNode value, SchemaRun run)
    {
        for (var i = 0; i < value.Items.Length; i++)
        {
            if (!run.Evaluated!.HasItem(i) && !run.AcceptsItem(rest, i, value.Items[i]))
                return false;
        }

        run.Evaluated!.AddPrefix(value.Items.Length);
        return true;
    }
}
