namespace Gateway.Console.Tests;

/// <summary>The members of the published schema of policies, and those that a document uses.</summary>
internal sealed class PolicyMembers
{
    private readonly JsonObject _schema;
    private readonly HashSet<JsonNode> _seen = [];
    private readonly SortedSet<string> _used = new(StringComparer.Ordinal);

    private PolicyMembers(JsonObject schema) => _schema = schema;

    /// <summary>The members that the document does not use, as pointers into the schema.</summary>
    public static IReadOnlyList<string> Unused(string schema, string document)
    {
        var members = new PolicyMembers(JsonNode.Parse(schema)!.AsObject());
        var all = new SortedSet<string>(StringComparer.Ordinal);
        members.Enumerate(members._schema, all);
        members.Visit(members._schema, JsonNode.Parse(document));
        return [.. all.Except(members._used)];
    }

    private void Enumerate(JsonNode? node, SortedSet<string> found)
    {
        if (Resolve(node) is not { } part || !_seen.Add(part))
            return;
        foreach (var (name, member) in part["properties"]?.AsObject() ?? [])
        {
            found.Add($"{part.GetPath()}.{name}");
            Enumerate(member, found);
        }

        foreach (var one in Alternatives(part).Append(part["items"]).Append(part["additionalProperties"]))
            Enumerate(one, found);
    }

    private void Visit(JsonNode? node, JsonNode? value)
    {
        if (Resolve(node) is not { } part || value is null)
            return;
        foreach (var one in Alternatives(part))
            Visit(one, value);
        foreach (var item in value as JsonArray ?? [])
            Visit(part["items"], item);
        var members = part["properties"]?.AsObject() ?? [];
        // Of alternatives, the one that has all members of the value.
        if (value is not JsonObject given
            || (members.Count > 0 && !given.All(one => members.ContainsKey(one.Key))))
        {
            return;
        }

        foreach (var (name, inner) in given)
        {
            if (members.ContainsKey(name))
                _used.Add($"{part.GetPath()}.{name}");
            Visit(members[name] ?? part["additionalProperties"], inner);
        }
    }

    private JsonObject? Resolve(JsonNode? node) => node switch
    {
        JsonObject part when (string?)part["$ref"] is { } reference =>
            Resolve(_schema["$defs"]![reference["#/$defs/".Length..]]),
        _ => node as JsonObject,
    };

    private static IEnumerable<JsonNode?> Alternatives(JsonObject part) =>
        [.. part["oneOf"]?.AsArray() ?? [], .. part["anyOf"]?.AsArray() ?? []];
}
