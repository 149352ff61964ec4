using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Policy;
using Gateway.Policy.Decisions;
using Gateway.Policy.Lists;
using Gateway.Policy.Problems;
using Gateway.Policy.Tools.Testing;

namespace Gateway.Hosting.Commands.Verbs;

/// <summary>A policy file named on the command line.</summary>
internal static class PolicyFile
{
    /// <summary>The compiled policy; null after every problem has been said.</summary>
    public static CompiledPolicy? Load(FileInfo file, out byte[] bytes)
    {
        if (InputFile.Read(file) is not { } read)
        {
            bytes = [];
            return null;
        }

        bytes = read;
        var loaded = PolicyLoader.Load(read, InputFile.Shown(file));
        foreach (var problem in loaded.Problems)
            Console.Error.WriteLine(problem);
        return loaded.Policy;
    }

    /// <summary>
    /// What the tests in a policy file come to, and those in the file of tests beside it; null after saying that this
    /// one cannot be read.
    /// </summary>
    public static List<CallTestReport>? Test(
        CompiledPolicy policy, byte[] bytes, FileInfo file, NamedLists? lists)
    {
        WarnOfBudgets(policy);
        var reports = new List<CallTestReport> { CallTests.Run(policy, bytes, InputFile.Shown(file), lists) };
        var beside = new FileInfo(CallTests.Beside(file.ToString()));
        if (!beside.Exists)
            return reports;
        if (InputFile.Read(beside) is not { } tests)
            return null;
        reports.Add(CallTests.Run(policy, tests, beside.ToString(), lists));
        return reports;
    }

    /// <summary>Says that budgets, which only a gateway's configuration has, count nothing here.</summary>
    public static void WarnOfBudgets(CompiledPolicy policy)
    {
        if (policy.Budgets.Count > 0)
        {
            Console.Error.WriteLine($"Not counted here: budgets ({string.Join(", ", policy.Budgets)}), which stand in "
                + "the gateway's configuration. \"gateway config validate FILE\" tests its policies with them.");
        }
    }

    /// <summary>Lists by name; null after saying that they are none.</summary>
    public static NamedLists? Lists(FileInfo file)
    {
        if (InputFile.Read(file) is not { } bytes)
            return null;
        try
        {
            if (ListsOf(JsonNode.Parse(bytes)) is { } lists)
                return lists;
        }
        catch (JsonException)
        {
            // Said below, with what to write.
        }

        Console.Error.WriteLine($"{file}: write {{\"NAME\": [\"VALUE\", …], …}} for the lists.");
        return null;
    }

    /// <summary>Lists by name; null where it is no object of arrays of texts.</summary>
    public static NamedLists? ListsOf(JsonNode? node)
    {
        if (node is not JsonObject lists || !lists.All(static list => list.Value is JsonArray values
            && values.All(static value => value?.GetValueKind() == JsonValueKind.String)))
        {
            return null;
        }

        return new NamedLists(lists.ToDictionary(
            static list => list.Key,
            static list => (NamedList?)new NamedList([.. list.Value!.AsArray().Select(static v => (string)v!)])));
    }

    public static JsonObject ToJson(PolicyProblem problem) => new()
    {
        ["severity"] = problem.Severity == ProblemSeverity.Error ? "error" : "warning",
        ["file"] = problem.File,
        ["line"] = problem.Line,
        ["column"] = problem.Column,
        ["pointer"] = problem.Pointer,
        ["message"] = problem.Message,
        ["code"] = problem.Kind?.Code,
    };

    public static string Word(PolicyDecision decision) => decision.Outcome switch
    {
        DecisionOutcome.Deny => "denied",
        DecisionOutcome.Ask => "approval_required",
        DecisionOutcome.Allow => "allowed",
        _ => throw new NotSupportedException($"DecisionOutcome {decision.Outcome} has no case here."),
    };

    /// <summary>A call of a tool with these arguments; false after saying that they are no JSON object.</summary>
    public static bool TryCall(string tool, string? arguments, out PolicyCall call)
    {
        call = PolicyCall.OfTool(tool, arguments is null ? default : Encoding.UTF8.GetBytes(arguments));
        if (arguments is null)
            return true;
        try
        {
            using var parsed = JsonDocument.Parse(arguments);
            if (parsed.RootElement.ValueKind == JsonValueKind.Object)
                return true;
        }
        catch (JsonException e)
        {
            Console.Error.WriteLine($"The arguments are no JSON: {Policy.Json.JsonErrors.Describe(e)}.");
            return false;
        }

        Console.Error.WriteLine("The arguments must be a JSON object, such as '{\"amount\": 10}'.");
        return false;
    }
}
