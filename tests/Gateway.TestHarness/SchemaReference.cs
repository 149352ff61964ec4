using System.Text.Encodings.Web;

namespace Gateway.TestHarness;

/// <summary>
/// A reference page generated from a JSON Schema: a section for each object with its members and a valid example.
/// </summary>
/// <param name="schema">A schema with <c>title</c>, <c>description</c> and <c>examples</c> in every object.</param>
/// <param name="problems">
/// Returns the problems of a whole document, as pointers and messages; empty if it is valid.
/// </param>
public sealed class SchemaReference(
    ReadOnlyMemory<byte> schema, Func<string, IReadOnlyList<(string Pointer, string Message)>> problems)
{
    private const int LineCharactersMax = 100;

    private static readonly JsonSerializerOptions OneLine = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly JsonObject _schema = JsonNode.Parse(schema.Span)!.AsObject();
    private readonly Queue<(JsonObject Object, Func<JsonNode, string> Document)> _waiting = new();
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly StringBuilder _page = new();

    /// <summary>Returns the page.</summary>
    /// <exception cref="InvalidOperationException">
    /// The schema lacks a text or an example, or an example is not valid.
    /// </exception>
    public string Write(string head)
    {
        _page.Append(head).Append('\n');
        Enqueue(_schema, static example => example.ToJsonString());
        while (_waiting.TryDequeue(out var next))
            Section(next.Object, next.Document);
        _page.Append("\n## Values\n\n");
        return _page.AppendJoin("", _values.Values).ToString();
    }

    private void Enqueue(JsonObject node, Func<JsonNode, string> document)
    {
        if (_seen.Add(Title(node)))
            _waiting.Enqueue((node, document));
    }

    private void Section(JsonObject node, Func<JsonNode, string> document)
    {
        _page.Append($"\n## {Title(node)}\n{Words(node, Title(node))}\n");
        if (node["oneOf"] is JsonArray forms && node["properties"] is null)
        {
            _page.Append("\nOne of: ").AppendJoin(", ", forms.Select(form => Link(Resolve(form!)))).Append(".\n");
            foreach (var form in forms)
                Enqueue(Resolve(form!), document);
            return;
        }

        JsonObject[] examples = [.. node["examples"]?.AsArray().Select(static one => one!.AsObject()) ?? []];
        foreach (var example in examples)
        {
            if (problems(document(example)) is [var first, ..])
                throw new InvalidOperationException($"{Title(node)}: the example is refused at {first}: {example}");
        }

        var required = node["required"]?.AsArray().Select(static name => (string)name!).ToHashSet() ?? [];
        _page.Append('\n');
        foreach (var (name, written) in node["properties"]!.AsObject())
        {
            var member = written!.AsObject();
            if (member["deprecated"] is not null)
            {
                _page.Append($"- `{name}` ({Takes(member)}, deprecated): {Words(member, name)}\n");
                continue;
            }

            var example = Array.Find(examples, one => one.ContainsKey(name))
                ?? throw new InvalidOperationException($"{Title(node)}: no example has \"{name}\"");
            var otherwise = (member["default"] ?? Resolve(member)["default"]) switch
            {
                _ when required.Contains(name) => ", required",
                { } value => $", default {Json(value)}",
                null => "",
            };
            _page.Append($"- `{name}`{Since(member)} ({Takes(member)}{otherwise}): {Words(member, name)}\n");
            Follow(member, example[name]!, value => document(With(example, name, value)));
        }

        _page.Append("\n```json\n").AppendJoin("\n\n", examples.Select(one => Pretty(one, "")))
            .Append("\n```\n");
    }

    // Follows the schemas inside a member: the object itself, the items of an array, the values of a map.
    private void Follow(JsonObject member, JsonNode example, Func<JsonNode, string> document)
    {
        var node = Resolve(member);
        if (node["properties"] is not null || (node["oneOf"] is not null && node["title"] is not null))
            Enqueue(node, document);
        else if (node["items"] is JsonObject items)
            Follow(items, example, value => document(new JsonArray(value.DeepClone())));
        else if (node["additionalProperties"] is JsonObject values)
        {
            var key = example is JsonObject map ? map.First().Key : "name";
            Follow(values, example, value => document(new JsonObject { [key] = value.DeepClone() }));
        }

        foreach (var form in node["anyOf"]?.AsArray() ?? [])
            Follow(form!.AsObject(), example, document);
    }

    private static JsonObject With(JsonObject example, string name, JsonNode value)
    {
        var changed = example.DeepClone().AsObject();
        changed[name] = value.DeepClone();
        return changed;
    }

    private string Takes(JsonNode written)
    {
        var node = written.AsObject();
        if ((string?)node["$ref"] is { } reference)
        {
            var target = Resolve(node);
            if (target["properties"] is not null || target["oneOf"] is not null)
                return Link(target);
            if (target["items"] is not null)
                return Takes(target);
            var name = reference[(reference.LastIndexOf('/') + 1)..];
            if (_values.TryAdd(name, ""))
                _values[name] = $"- {name} ({Takes(target)}): {Words(target, name)}\n";
            return $"[{name}](#values)";
        }

        if (node["const"] is { } only) return Json(only);
        if (node["enum"] is JsonArray values) return string.Join(", ", values.Select(Json));
        if (node["anyOf"] is JsonArray forms && node["properties"] is null)
            return string.Join("; or ", forms.Select(form => Takes(form!)));
        if (node["properties"] is not null) return Link(node);
        if (node["items"] is { } items) return $"an array{Bounds(node, "Items", "")} of: {Takes(items)}";
        if (node["additionalProperties"] is JsonObject map) return $"an object; each value: {Takes(map)}";
        return node["type"] switch
        {
            JsonArray types => string.Join(" or ", types.Select(static type => $"{type}")),
            JsonValue type => ((string)type!) switch
            {
                "integer" => $"a whole number{Bounds(node, "", "imum")}",
                "number" => $"a number{Bounds(node, "", "imum")}",
                "string" => $"a string{Bounds(node, "Length", "")}{Pattern(node)}",
                var other => other == "object" ? "an object" : $"`true` or `false`",
            },
            _ => "any value",
        };
    }

    private static string Pattern(JsonObject node) =>
        (string?)node["pattern"] is { } pattern ? $" `{pattern}`" : "";

    private static string Bounds(JsonObject node, string unit, string bound)
    {
        var least = node[$"min{bound}{unit}"];
        var most = node[$"max{bound}{unit}"] ?? node["exclusiveMaximum"];
        var below = node["exclusiveMaximum"] is null ? "" : "below ";
        var of = unit == "Length" ? " characters" : "";
        return (least, most) switch
        {
            (null, null) => "",
            (_, null) => $" ({Number(least)} or more{of})",
            (null, _) => $" (at most {Number(most)}{of})",
            _ => $" ({Number(least)} to {below}{Number(most)}{of})",
        };
    }

    // Formats JSON as people write it: on one line if it fits.
    private static string Pretty(JsonNode? node, string indent)
    {
        var inner = indent + "  ";
        var (open, parts, close) = node switch
        {
            JsonObject { Count: > 0 } map =>
                ('{', map.Select(member => $"{Text(member.Key)}: {Pretty(member.Value, inner)}").ToArray(), '}'),
            JsonArray { Count: > 0 } items => ('[', items.Select(item => Pretty(item, inner)).ToArray(), ']'),
            _ => ('"', [], '"'),
        };
        if (parts.Length == 0)
            return node?.ToJsonString(OneLine) ?? "null";
        var blank = open == '{' ? " " : "";
        var line = $"{open}{blank}{string.Join(", ", parts)}{blank}{close}";
        return indent.Length + line.Length <= LineCharactersMax && !line.Contains('\n', StringComparison.Ordinal)
            ? line
            : $"{open}\n{inner}{string.Join($",\n{inner}", parts)}\n{indent}{close}";
    }

    private static string Text(string text) => JsonValue.Create(text).ToJsonString(OneLine);

    private static string Number(JsonNode node) => ((decimal)node).ToString("#,0", CultureInfo.InvariantCulture);

    private static string Link(JsonObject node)
    {
        var title = Title(node);
        var letters = title.ToLowerInvariant().Where(static c => char.IsLetterOrDigit(c) || c is ' ' or '-');
        var anchor = string.Concat(letters);
        return $"[{title}](#{anchor.Replace(' ', '-')})";
    }

    private JsonObject Resolve(JsonNode node) =>
        (string?)node["$ref"] is { } reference
            ? Resolve(_schema["$defs"]![reference[(reference.LastIndexOf('/') + 1)..]]!)
            : node.AsObject();

    private static string Title(JsonObject node) =>
        (string?)node["title"]
        ?? throw new InvalidOperationException($"an object without a title: {node["description"]}");

    private string Words(JsonObject node, string name) =>
        (string?)node["description"] ?? (string?)Resolve(node)["description"]
        ?? throw new InvalidOperationException($"\"{name}\" has no description");

    private static string Since(JsonObject member) =>
        (string?)member["$comment"] is { } since ? $" ({since})" : "";

    private static string Json(JsonNode? node) => node is null ? "" : $"`{node.ToJsonString(OneLine)}`";
}
