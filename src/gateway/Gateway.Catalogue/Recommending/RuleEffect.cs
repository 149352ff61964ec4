using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Catalogue.Listing;
using Gateway.Policy;
using Gateway.Policy.Decisions;
using Gateway.Policy.Rules;

namespace Gateway.Catalogue.Recommending;

/// <summary>
/// The effect of a recommended entry on typical arguments, as the policy's own evaluation decides them.
/// </summary>
internal static class RuleEffect
{
    private const int MembersMax = 8;
    private const int DepthMax = 3;
    private const int TextCharsMax = 200;

    /// <summary>Returns sentences about a typical call, and about one beyond a threshold of the entry.</summary>
    public static string Of(ToolFacts tool, JsonObject entry)
    {
        if (PolicyLoader.Load(
            Encoding.UTF8.GetBytes(RecommendedPolicy.Alone(tool.Name, entry).ToJsonString()), "recommended")
            .Policy is not { } policy)
            return "";
        var binding = policy.Bind("grant", "server");
        var typical = Typical(tool.InputSchema);
        var said = new StringBuilder("A typical call");
        var text = typical.ToJsonString();
        if (typical.Count > 0 && text.Length <= TextCharsMax)
            said.Append($" {text}");
        said.Append($" {Outcome(binding, tool.Name, typical)}");
        foreach (var limit in entry["limits"]?.AsArray() ?? [])
        {
            var path = (string?)limit!["increment_from"];
            said.Append(path is null ? $", at most {limit["max"]} {Each(limit)} for each grant"
                : $", up to {limit["max"]} of {path} {Each(limit)} for each grant");
        }

        said.Append('.');
        foreach (var (path, value, shown) in Beyond(entry))
        {
            var changed = typical.DeepClone().AsObject();
            changed[path["args.".Length..]] = value;
            said.Append($" With {path} {shown}, it {Outcome(binding, tool.Name, changed)}.");
        }

        return said.ToString();
    }

    /// <summary>Returns arguments with the required members, or the first ones if none is required.</summary>
    public static JsonObject Typical(JsonElement schema)
    {
        var arguments = new JsonObject();
        if (schema.ValueKind != JsonValueKind.Object || !schema.TryGetProperty("properties", out var members)
            || members.ValueKind != JsonValueKind.Object)
            return arguments;
        var required = schema.TryGetProperty("required", out var names) && names.ValueKind == JsonValueKind.Array
            ? names.EnumerateArray().Where(static name => name.ValueKind == JsonValueKind.String)
                .Select(static name => name.GetString()!).ToHashSet(StringComparer.Ordinal)
            : [];
        foreach (var member in members.EnumerateObject()
            .Where(one => required.Contains(one.Name) || ArgumentRules.IsAmount(one.Name)))
            arguments[member.Name] = Value(member.Value, 0);
        foreach (var member in members.EnumerateObject().TakeWhile(_ => required.Count == 0))
        {
            if (arguments.Count >= MembersMax)
                break;
            arguments.TryAdd(member.Name, Value(member.Value, 0));
        }

        return arguments;
    }

    private static string Each(JsonNode limit) =>
        (string)limit["window"]! is "hour" ? "an hour" : $"a {limit["window"]}";

    private static JsonNode? Value(JsonElement schema, int depth)
    {
        if (schema.ValueKind != JsonValueKind.Object)
            return "text";
        if (schema.TryGetProperty("enum", out var choices) && choices.ValueKind == JsonValueKind.Array
            && choices.GetArrayLength() > 0)
            return JsonNode.Parse(choices[0].GetRawText());
        var type = schema.TryGetProperty("type", out var given) && given.ValueKind == JsonValueKind.String
            ? given.GetString() : null;
        return type switch
        {
            "number" or "integer" => 10,
            "boolean" => false,
            "array" => new JsonArray(),
            "object" => depth < DepthMax ? new JsonObject() : null,
            "null" => null,
            _ => "text",
        };
    }

    // Each condition of a recommended entry compares one member with one value.
    private static IEnumerable<(string Path, JsonNode? Value, string Shown)> Beyond(JsonObject entry)
    {
        foreach (var condition in entry["approve_if"]?.AsArray() ?? [])
        {
            if (condition!["value"]!.GetValueKind() == JsonValueKind.Number)
                yield return ((string)condition["path"]!, (int)condition["value"]! + 1, $"above {condition["value"]}");
        }

        foreach (var condition in (entry["deny_if"]?.AsArray() ?? []).Take(1))
            yield return ((string)condition!["path"]!, "../file", "\"../file\"");
    }

    private static string Outcome(PolicyBinding binding, string tool, JsonObject arguments)
    {
        var decision = PolicyEngine.Decide(
            binding, PolicyCall.OfTool(tool, Encoding.UTF8.GetBytes(arguments.ToJsonString())));
        var shadow = decision.Shadow is null ? "" : " and is recorded as a call that enforcement would refuse";
        return decision.Outcome switch
        {
            DecisionOutcome.Allow => $"runs{shadow}",
            DecisionOutcome.Ask => "needs a person's approval",
            DecisionOutcome.Deny => "is denied",
            _ => throw new NotSupportedException($"DecisionOutcome {decision.Outcome} has no case here."),
        };
    }
}
