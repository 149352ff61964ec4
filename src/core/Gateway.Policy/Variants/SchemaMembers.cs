using Gateway.Policy.Schemas;

namespace Gateway.Policy.Variants;

/// <summary>The names that one schema declares, and the schemas that it applies to nested values.</summary>
internal sealed class SchemaMembers : NamedMembers
{
    private readonly SchemaKeyword[] _keywords;
    private readonly Dictionary<Schema, SchemaMembers> _all;
    private readonly Schema _schema;

    // Two threads that compute it concurrently get equal results.
    private SchemaMembers[]? _inPlace;

    private SchemaMembers(Schema schema, Dictionary<Schema, SchemaMembers> all)
    {
        _schema = schema;
        _all = all;
        _keywords = [.. schema.Keywords.Where(static keyword => keyword.Inner.Any())];
        SetNames(schema.Keywords.SelectMany(static keyword => keyword.NamesRead));
    }

    public override bool IsDeclared => true;

    public override bool IsEmpty => base.IsEmpty && _keywords.Length == 0;

    public static SchemaMembers Of(Schema root)
    {
        var all = new Dictionary<Schema, SchemaMembers>();
        var open = new Stack<Schema>([root]);
        while (open.TryPop(out var schema))
        {
            if (!all.TryAdd(schema, new SchemaMembers(schema, all)))
                continue;
            foreach (var next in schema.Keywords.SelectMany(static keyword => keyword.InPlace.Concat(keyword.Inner)))
                open.Push(next);
        }

        return all[root];
    }

    public override void AddMember(string name, VariantSearch search)
    {
        foreach (var keyword in _keywords)
        {
            foreach (var schema in keyword.OfMember(name))
                _all[schema].AddTo(search);
        }
    }

    public override void AddItem(int index, VariantSearch search)
    {
        foreach (var keyword in _keywords)
        {
            if (keyword.OfItem(index) is { } schema)
                _all[schema].AddTo(search);
        }
    }

    /// <summary>Adds this schema and every one that it applies to the same value.</summary>
    public void AddTo(VariantSearch search)
    {
        // Computed on first use: in a chain of references, each schema would otherwise hold all the following ones.
        _inPlace ??= [.. Together().Where(static together => !together.IsEmpty)];
        foreach (var members in _inPlace)
            search.Add(members);
    }

    private HashSet<SchemaMembers> Together()
    {
        var found = new HashSet<SchemaMembers>();
        var open = new Stack<Schema>([_schema]);
        while (open.TryPop(out var schema))
        {
            if (!found.Add(_all[schema]))
                continue;
            foreach (var next in schema.Keywords.SelectMany(static keyword => keyword.InPlace))
                open.Push(next);
        }

        return found;
    }
}
