using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Proxy.Searching;

namespace Gateway.Catalogue.Recommending;

/// <summary>
/// The argument rules of a policy that a tool's own schema suggests: its members, their types and choices. Only plain
/// top-level keywords are used, because a schema comes from the server and may contain anything.
/// </summary>
internal sealed class ArgumentRules
{
    private const int MembersMax = 100;
    private const int ChoicesMax = 50;
    private const int NameCharsMax = 80;
    private static readonly string[] Types = ["string", "number", "integer", "boolean", "array", "object", "null"];
    private static readonly string[] Beyond =
        ["allOf", "anyOf", "oneOf", "not", "if", "$ref", "$dynamicRef", "patternProperties"];

    private readonly JsonObject _schema;
    private readonly List<string> _paths;

    private ArgumentRules(JsonObject schema, List<string> paths) => (_schema, _paths) = (schema, paths);

    /// <summary>Returns the rules, or null if the schema contains nothing that a rule can check.</summary>
    public static ArgumentRules? Of(JsonElement schema)
    {
        if (Members(schema) is not { } members)
            return null;
        var properties = new JsonObject();
        var paths = new List<string>();
        foreach (var member in members)
        {
            if (properties.Count == MembersMax)
                return null;
            properties[member.Name] = Taken(member.Value);
            if (IsPlain(member.Name) && IsPath(member.Name) && Takes(member.Value, "string"))
                paths.Add(member.Name);
        }

        var taken = new JsonObject { ["type"] = "object", ["properties"] = properties };
        if (schema.TryGetProperty("required", out var required) && required.ValueKind == JsonValueKind.Array)
        {
            var names = required.EnumerateArray().Where(static name => name.ValueKind == JsonValueKind.String)
                .Select(static name => name.GetString()!).Where(properties.ContainsKey).Distinct().ToList();
            if (names.Count > 0)
                taken["required"] = new JsonArray([.. names.Select(static name => JsonValue.Create(name))]);
        }

        if (!schema.TryGetProperty("additionalProperties", out var more) || more.ValueKind == JsonValueKind.False)
            taken["additionalProperties"] = false;
        return new ArgumentRules(taken, paths);
    }

    /// <summary>Returns the member with the amount of a payment, or null if none can be identified.</summary>
    public static string? AmountOf(JsonElement schema)
    {
        if (Members(schema) is not { } members)
            return null;
        foreach (var member in members)
        {
            var isCounted = Takes(member.Value, "number") || Takes(member.Value, "integer")
                || Takes(member.Value, "string");
            if (isCounted && IsPlain(member.Name) && IsAmount(member.Name))
                return member.Name;
        }

        return null;
    }

    /// <summary>Returns true if the name of a member says that it is an amount of money.</summary>
    public static bool IsAmount(string name) => NameWords.Of(name, NameCharsMax, humps: true).Exists(
        static word => word is "amount" or "valor" or "monto" or "importe");

    public void AddTo(JsonObject entry)
    {
        entry["arguments"] = _schema;
        if (_paths.Count > 0)
        {
            entry["deny_if"] = new JsonArray([.. _paths.Select(static path => new JsonObject
            {
                ["path"] = $"args.{path}", ["op"] = "contains", ["value"] = "..",
                ["reason"] = "A path may not leave its folder.",
            })]);
        }
    }

    private static JsonElement.ObjectEnumerator? Members(JsonElement schema) =>
        schema.ValueKind == JsonValueKind.Object
        && !Beyond.Any(keyword => schema.TryGetProperty(keyword, out _))
        && schema.TryGetProperty("properties", out var members) && members.ValueKind == JsonValueKind.Object
        && members.EnumerateObject().Any()
            ? members.EnumerateObject()
            : null;

    private static JsonObject Taken(JsonElement schema)
    {
        var taken = new JsonObject();
        if (schema.ValueKind != JsonValueKind.Object)
            return taken;
        if (schema.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String
            && Types.Contains(type.GetString()))
            taken["type"] = type.GetString();
        if (schema.TryGetProperty("enum", out var choices) && choices.ValueKind == JsonValueKind.Array
            && choices.GetArrayLength() is > 0 and <= ChoicesMax
            && choices.EnumerateArray().All(static choice => choice.ValueKind is JsonValueKind.String
                or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null))
            taken["enum"] = JsonNode.Parse(choices.GetRawText());
        if (schema.TryGetProperty("maxLength", out var length) && length.TryGetInt32(out var max) && max >= 0)
            taken["maxLength"] = max;
        return taken;
    }

    private static bool Takes(JsonElement schema, string type) =>
        schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("type", out var given)
        && given.ValueKind == JsonValueKind.String && given.ValueEquals(type);

    private static bool IsPath(string name) => NameWords.Of(name, NameCharsMax, humps: true) is
        [.., "path" or "filepath" or "file" or "filename" or "directory" or "dir" or "folder"];

    /// <summary>Returns true if a policy path can name it without escaping.</summary>
    private static bool IsPlain(string name) =>
        name.Length is > 0 and <= NameCharsMax
        && name.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter == '_');
}
