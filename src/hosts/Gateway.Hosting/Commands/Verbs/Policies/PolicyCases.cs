using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Policy;
using Gateway.Policy.Classes;
using Gateway.Policy.Decisions;
using Gateway.Policy.Rules;
using Gateway.Policy.Text;

namespace Gateway.Hosting.Commands.Verbs.Policies;

/// <summary>A file of cases: calls that are evaluated individually, without counting.</summary>
internal static class PolicyCases
{
    private static readonly string[] Members = ["name", "tool", "class", "args", "at", "caller", "outcome", "rule"];
    private static readonly string[] Outcomes = ["allowed", "denied", "approval_required"];

    /// <summary>
    /// Returns the object; null if the text is not one. The reader that tracks positions reports the reason.
    /// </summary>
    public static JsonObject? Parse(byte[] bytes)
    {
        try
        {
            return JsonNode.Parse(bytes) is JsonObject root && root.Count >= 0 ? root : null;
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Returns a result for each case; null after an error message.</summary>
    public static List<TestedCase>? Evaluate(FileInfo file, JsonObject root, FileInfo? policyFile)
    {
        if (root["cases"] is not JsonArray cases || !cases.All(IsCase)
            || (root["lists"] is not null && PolicyFile.ListsOf(root["lists"]) is null))
        {
            Console.Error.WriteLine(
                $"{file.Name}: write {{\"policy\": FILE, \"cases\": [{{\"tool\": NAME, \"outcome\": "
                + $"{string.Join(" | ", Outcomes)}}}]}}; a case may also have \"name\", \"args\", \"class\", "
                + "\"caller\", \"rule\" and \"at\" (a time such as \"2027-06-30T12:00:00Z\"). \"lists\", beside "
                + "\"cases\", has the lists that the policy names: {\"NAME\": [\"VALUE\"]}.");
            return null;
        }

        policyFile ??= IsText(root["policy"])
            ? new FileInfo(Path.Combine(file.DirectoryName!, (string)root["policy"]!))
            : null;
        if (policyFile is null)
        {
            Console.Error.WriteLine("Name the policy with --policy, or with \"policy\" in the file of cases.");
            return null;
        }

        if (PolicyFile.Load(policyFile, out _) is not { } policy)
            return null;
        var binding = policy.Bind("grant", "server", lists: PolicyFile.ListsOf(root["lists"]));
        return [.. cases.Select((one, index) => Evaluate(binding, one!.AsObject(), index))];
    }

    private static TestedCase Evaluate(PolicyBinding binding, JsonObject one, int index)
    {
        var tool = (string)one["tool"]!;
        var arguments = one["args"] is { } args ? Encoding.UTF8.GetBytes(args.ToJsonString()) : [];
        DateTimeOffset? at = WrittenTime.TryInstant((string?)one["at"] ?? "", out var instant) ? instant : null;
        var decision = PolicyEngine.Decide(binding, PolicyCall.OfTool(tool, arguments, at) with
        {
            Caller = CallerOf(one),
            Class = ToolClasses.Of((string?)one["class"]) ?? ToolClass.Uncertain,
        });
        var got = PolicyFile.Word(decision);
        var wantedRule = (string?)one["rule"];
        return new TestedCase(
            (string?)one["name"] ?? $"#{index + 1} {tool}",
            got == (string?)one["outcome"] && (wantedRule is null || wantedRule == decision.Rule),
            wantedRule is null ? $"{one["outcome"]}" : $"{one["outcome"]} by {wantedRule}",
            $"{got} by {decision.Rule}",
            decision.Reason);
    }

    private static bool IsCase(JsonNode? node) =>
        node is JsonObject one
        && one.All(static member => Members.Contains(member.Key))
        && IsText(one["tool"])
        && IsText(one["outcome"]) && Outcomes.Contains((string)one["outcome"]!)
        && (one["class"] is null || (IsText(one["class"]) && ToolClasses.Of((string)one["class"]!) is not null))
        && (one["name"] is null || IsText(one["name"]))
        && (one["rule"] is null || IsText(one["rule"]))
        && (one["at"] is null || (IsText(one["at"]) && WrittenTime.TryInstant((string)one["at"]!, out _)))
        && (one["args"] is null || one["args"] is JsonObject)
        && (one["caller"] is null || CallerOf(one) is not null);

    private static Caller? CallerOf(JsonObject one) => one["caller"] is { } caller
        ? CallerJson.Read(Encoding.UTF8.GetBytes(caller.ToJsonString()), out _)
        : null;

    private static bool IsText(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String;
}
