using System.CommandLine;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Policy;
using Gateway.Policy.Decisions;
using Gateway.Policy.Lists;
using Gateway.Policy.Problems;
using Gateway.Policy.Rules;
using Gateway.Policy.Tools.Testing;

namespace Gateway.Hosting.Commands.Verbs;

/// <summary>A policy file named on the command line.</summary>
internal static class PolicyFile
{
    /// <summary>Returns the compiled policy; null after an error message for each problem.</summary>
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
    /// Returns the results of the tests in a policy file and in the test file beside it; null after an error message if
    /// the latter cannot be read.
    /// </summary>
    public static List<CallTestReport>? Test(
        CompiledPolicy policy, byte[] bytes, FileInfo file, NamedLists? lists)
    {
        var reports = new List<CallTestReport> { CallTests.Run(policy, bytes, InputFile.Shown(file), lists) };
        var beside = new FileInfo(CallTests.Beside(file.ToString()));
        if (beside.Exists)
        {
            if (InputFile.Read(beside) is not { } tests)
                return null;
            reports.Add(CallTests.Run(policy, tests, beside.ToString(), lists));
        }

        if (reports.Exists(static report => report.Results.Any()))
            WarnOfBudgets(policy);
        return reports;
    }

    /// <summary>Warns that budgets count nothing here, because only a gateway's configuration defines them.</summary>
    public static void WarnOfBudgets(CompiledPolicy policy)
    {
        if (policy.Budgets.Count > 0)
        {
            Console.Error.WriteLine($"Budgets ({string.Join(", ", policy.Budgets)}) are not counted here, because "
                + "the gateway's configuration defines them. To test policies with budgets, run: gateway config "
                + "validate FILE");
        }
    }

    /// <summary>Returns lists by name; null after an error message if the file is not valid.</summary>
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
            // Reported below, with the expected form.
        }

        Console.Error.WriteLine($"{file}: write {{\"NAME\": [\"VALUE\", …], …}} for the lists.");
        return null;
    }

    /// <summary>Returns lists by name; null if the node is not an object of arrays of strings.</summary>
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

    /// <summary>Creates the option that names a caller.</summary>
    public static Option<string?> CallerOption(string description) => new("--caller")
    {
        Description = description,
        HelpName = "JSON|FILE",
    };

    /// <summary>
    /// Reads the caller of an option, a JSON object or the file that has it; returns false after an error message.
    /// </summary>
    public static bool TryCaller(string? written, out Caller? caller, out byte[]? utf8)
    {
        (caller, utf8) = (null, null);
        if (written is null)
            return true;
        utf8 = written.AsSpan().TrimStart().StartsWith("{")
            ? Encoding.UTF8.GetBytes(written)
            : InputFile.Read(new FileInfo(written));
        if (utf8 is null)
            return false;
        caller = CallerJson.Read(utf8, out var wrong);
        if (caller is null)
            Console.Error.WriteLine(wrong);
        return caller is not null;
    }

    /// <summary>
    /// Creates a call of a tool with these arguments; returns false after an error message if they are not a JSON
    /// object.
    /// </summary>
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
            Console.Error.WriteLine($"The arguments are not valid JSON: {Policy.Json.JsonErrors.Describe(e)}.");
            return false;
        }

        Console.Error.WriteLine("The arguments must be a JSON object, such as '{\"amount\": 10}'.");
        return false;
    }
}
