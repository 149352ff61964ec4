using System.CommandLine;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Gateway.Hosting.Commands.Printing;
using Gateway.Policy.Lists;
using Gateway.Policy.Tools.Testing;

namespace Gateway.Hosting.Commands.Verbs.Policies;

/// <summary><c>policy test</c>: calls with the decisions that they must get.</summary>
internal static class PolicyTest
{
    private static readonly Argument<FileInfo> Document = new("file")
    {
        Description = "A policy with \"tests\", a file NAME.tests.json, or a file of cases as in the example.",
    };

    private static readonly Option<FileInfo?> Policy = new("--policy")
    {
        Description = "The policy document. Default: the policy document that the file names, or else the one beside "
            + "the file.",
        HelpName = "FILE",
    };

    private static readonly Option<string?> Format = new("--format")
    {
        Description = "Print a report for CI instead of a table: tap or junit.",
        HelpName = "tap|junit",
    };

    private static readonly Option<FileInfo?> Lists = new("--lists")
    {
        Description = "The lists that the policy names, as a JSON object of arrays; - for standard input.",
        HelpName = "FILE",
    };

    public static Command Create()
    {
        Format.AcceptOnlyFromAmong("tap", "junit");
        var command = new Command("test",
            "Check in CI that a policy decides as it should; exits with 1 if it does not.\n\nExamples:\n"
            + "  gateway policy test support.json          the tests in it, then those in support.tests.json\n"
            + "  gateway policy test support.tests.json    on the policy support.json\n"
            + "  gateway policy test support.json --format junit > report.xml\n"
            + "  gateway policy test support.cases.json\n\n"
            + "In support.json, the calls run in this order on unused counters:\n"
            + "  { \"version\": \"1\", …, \"tests\": [\n"
            + "    { \"call\": { \"tool\": \"pay\", \"arguments\": { \"amount\": 11 } }, \"expect\": \"deny\" },\n"
            + "    { \"call\": { \"tool\": \"send_otp\" }, \"times\": 10, \"expect\": \"allow\" },\n"
            + "    { \"call\": { \"tool\": \"send_otp\" }, \"expect\": \"rate_limit\" },\n"
            + "    { \"at\": \"61s\", \"call\": { \"tool\": \"send_otp\" }, \"expect\": \"allow\" } ] }\n\n"
            + "support.cases.json, each decided by itself, without counting:\n"
            + "  { \"policy\": \"support.json\", \"cases\": [\n"
            + "    { \"tool\": \"list_customers\", \"outcome\": \"allowed\" },\n"
            + "    { \"tool\": \"pay\", \"args\": { \"amount\": 11 }, \"outcome\": \"denied\",\n"
            + "      \"rule\": \"/tools/pay/deny_if/0\" } ] }")
        {
            Document, Policy, Format, Lists,
        };
        Output.AddOptions(command, hasRows: true);
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        var file = parsed.GetValue(Document)!;
        if (InputFile.Read(file) is not { } bytes)
            return ExitCode.Usage;
        NamedLists? lists = null;
        if (parsed.GetValue(Lists) is { } listed && (lists = PolicyFile.Lists(listed)) is null)
            return ExitCode.Usage;
        var root = PolicyCases.Parse(bytes);
        var results = root?["cases"] is not null
            ? PolicyCases.Evaluate(file, root, parsed.GetValue(Policy))
            : root?["version"] is not null
                ? OfPolicy(file, lists)
                : OfTests(file, bytes, parsed.GetValue(Policy), isObject: root is not null, lists);
        if (results is null)
            return ExitCode.Usage;
        if (results.Count == 0)
        {
            Console.Error.WriteLine($"{file.Name} contains no tests, so nothing was checked. Add \"tests\" to the "
                + "policy, or name a file of tests or cases: gateway policy test --help");
            return ExitCode.Usage;
        }

        var output = Output.For(parsed);
        switch (parsed.GetValue(Format))
        {
            case "tap":
                TestReports.Tap(output, results);
                break;
            case "junit":
                TestReports.JUnit(output, file.Name, results);
                break;
            case null:
                Table(output, results);
                break;
            case var other:
                throw new UnreachableException(other);
        }

        return results.TrueForAll(static result => result.Ok) ? ExitCode.Well : ExitCode.No;
    }

    /// <summary>Returns the results of the tests in a document, then of those in the file beside it.</summary>
    private static List<TestedCase>? OfPolicy(FileInfo file, NamedLists? lists) =>
        PolicyFile.Load(file, out var bytes) is { } policy
            ? Collect(PolicyFile.Test(policy, bytes, file, lists))
            : null;

    private static List<TestedCase>? OfTests(
        FileInfo file, byte[] bytes, FileInfo? policy, bool isObject, NamedLists? lists)
    {
        var beside = file.ToString();
        if (policy is null && !beside.EndsWith(CallTests.FileSuffix, StringComparison.Ordinal))
        {
            // Loading reports the position of the error, as for a policy.
            if (!isObject)
                PolicyFile.Load(file, out _);
            Console.Error.WriteLine($"{file.Name} is neither a policy (it has no \"version\") nor a file of cases. "
                + "Name a file of tests NAME.tests.json beside NAME.json, or give the policy with --policy.");
            return null;
        }

        policy ??= new FileInfo(beside[..^CallTests.FileSuffix.Length] + ".json");
        if (PolicyFile.Load(policy, out _) is not { } loaded)
            return null;
        PolicyFile.WarnOfBudgets(loaded);
        return Collect([CallTests.Run(loaded, bytes, beside, lists)]);
    }

    private static List<TestedCase>? Collect(List<CallTestReport>? reports)
    {
        if (reports is null)
            return null;
        var problems = reports.SelectMany(static report => report.Problems).ToList();
        foreach (var problem in problems)
            Console.Error.WriteLine(problem);
        return problems.Count > 0
            ? null
            : [.. reports.SelectMany(static report => report.Results).Select(static result => new TestedCase(
                result.Name, result.Passed, result.Wanted, result.Got, result.Reason)
            {
                File = result.Place.File,
                Line = result.Place.Line,
                Pointer = result.Place.Pointer,
            })];
    }

    private static void Table(Output output, List<TestedCase> results)
    {
        var failed = results.Count(static result => !result.Ok);
        if (output.IsJson)
            output.Json(new JsonArray([.. results.Select(static result => result.ToJson())]));
        else
        {
            output.Table(results, "There are no tests.",
                ("CASE", static result => result.Case),
                ("", static result => result.Ok ? "ok" : "WRONG"),
                ("WANTED", static result => result.Wanted),
                ("GOT", static result => result.Got));
        }

        output.Note($"{results.Count - failed} right, {failed} wrong");
    }
}
