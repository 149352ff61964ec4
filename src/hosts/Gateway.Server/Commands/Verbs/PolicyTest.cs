using System.CommandLine;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Policy;
using Gateway.Policy.Decisions;
using Gateway.Policy.Rules;
using Gateway.Policy.Text;
using Gateway.Server.Commands.Printing;

namespace Gateway.Server.Commands.Verbs;

/// <summary>
/// <c>policy test</c>: calls, and the decisions that they must get. Cases are decided one by one, without counting.
/// </summary>
internal static class PolicyTest
{
    private static readonly string[] Members = ["name", "tool", "args", "at", "outcome", "rule"];
    private static readonly string[] Outcomes = ["allowed", "denied", "approval_required"];

    private static readonly Argument<FileInfo> Cases = new("cases")
    {
        Description = "A file of calls and the decisions that they must get, as in the example.",
    };

    private static readonly Option<FileInfo?> Document = new("--policy")
    {
        Description = "The policy document, instead of the one that the cases name.",
        HelpName = "FILE",
    };

    private static readonly Option<bool> Json = new("--json") { Description = "Print JSON instead of a table." };

    public static Command Create()
    {
        var command = new Command("test",
            "Check in CI that a policy decides as it should; exits with 1 where it does not.\n\nExample:\n"
            + "  gateway policy test support.cases.json\n\nsupport.cases.json:\n"
            + "  { \"policy\": \"support.json\", \"cases\": [\n"
            + "    { \"tool\": \"list_customers\", \"outcome\": \"allowed\" },\n"
            + "    { \"tool\": \"pay\", \"args\": { \"amount\": 11 }, \"outcome\": \"denied\",\n"
            + "      \"rule\": \"/tools/pay/deny_if/0\" } ] }")
        {
            Cases, Document, Json,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        var file = parsed.GetValue(Cases)!;
        if (ReadCases(file) is not { } root)
            return ExitCode.Usage;
        var policyFile = parsed.GetValue(Document) ?? ((string?)root["policy"] is { } named
            ? new FileInfo(Path.Combine(file.DirectoryName!, named))
            : null);
        if (policyFile is null)
        {
            Console.Error.WriteLine("Name the policy: \"policy\" in the cases' file, or --policy.");
            return ExitCode.Usage;
        }

        if (PolicyFile.Load(policyFile, out _) is not { } policy)
            return ExitCode.Usage;
        var binding = policy.Bind("grant", "server");
        var results = new JsonArray();
        foreach (var one in root["cases"]!.AsArray())
            results.Add((JsonNode)Judge(binding, one!.AsObject(), results.Count));
        return Report(new Output(Console.Out, parsed.GetValue(Json), Paint.For(parsed)), results);
    }

    private static JsonObject Judge(PolicyBinding binding, JsonObject one, int index)
    {
        var tool = (string)one["tool"]!;
        var arguments = one["args"] is { } args ? Encoding.UTF8.GetBytes(args.ToJsonString()) : [];
        DateTimeOffset? at = WrittenTime.TryInstant((string?)one["at"] ?? "", out var instant) ? instant : null;
        var decision = PolicyEngine.Decide(binding, new PolicyCall("tools/call", tool, arguments, At: at));
        var got = PolicyFile.Word(decision);
        var wantedRule = (string?)one["rule"];
        return new JsonObject
        {
            ["case"] = (string?)one["name"] ?? $"#{index + 1} {tool}",
            ["ok"] = got == (string?)one["outcome"] && (wantedRule is null || wantedRule == decision.Rule),
            ["wanted"] = wantedRule is null ? (string?)one["outcome"] : $"{one["outcome"]} by {wantedRule}",
            ["got"] = $"{got} by {decision.Rule}",
            ["reason"] = decision.Reason,
        };
    }

    private static int Report(Output output, JsonArray results)
    {
        var failed = results.Count(static result => !(bool)result!["ok"]!);
        output.Table(results, "There are no cases.",
            ("CASE", static result => (string?)result["case"]),
            ("", static result => (bool)result["ok"]! ? "ok" : "WRONG"),
            ("WANTED", static result => (string?)result["wanted"]),
            ("GOT", static result => (string?)result["got"]));
        if (!output.IsJson)
            output.Line($"{results.Count - failed} right, {failed} wrong");
        return failed == 0 ? ExitCode.Well : ExitCode.No;
    }

    private static JsonObject? ReadCases(FileInfo file)
    {
        if (PolicyFile.Read(file) is not { } bytes)
            return null;
        try
        {
            var root = JsonNode.Parse(bytes) as JsonObject;
            if (root?["cases"] is JsonArray cases && cases.All(IsCase))
                return root;
            Console.Error.WriteLine(
                $"{file.Name}: write {{\"policy\": FILE, \"cases\": [{{\"tool\": NAME, \"outcome\": "
                + $"{string.Join(" | ", Outcomes)}}}]}}; a case may also have \"name\", \"args\", \"rule\" and "
                + "\"at\", its time, such as \"2027-06-30T12:00:00Z\".");
        }
        catch (JsonException e)
        {
            Console.Error.WriteLine($"{file.Name}:{e.LineNumber + 1}: {e.Message}");
        }

        return null;
    }

    private static bool IsCase(JsonNode? node) =>
        node is JsonObject one
        && one.All(static member => Members.Contains(member.Key))
        && IsText(one["tool"])
        && IsText(one["outcome"]) && Outcomes.Contains((string)one["outcome"]!)
        && (one["name"] is null || IsText(one["name"]))
        && (one["rule"] is null || IsText(one["rule"]))
        && (one["at"] is null || (IsText(one["at"]) && WrittenTime.TryInstant((string)one["at"]!, out _)))
        && (one["args"] is null || one["args"] is JsonObject);

    private static bool IsText(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String;
}
