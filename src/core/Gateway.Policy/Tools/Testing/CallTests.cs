using System.Collections.Immutable;
using System.Text.Json;
using Gateway.Policy.Documents;
using Gateway.Policy.Json;
using Gateway.Policy.Lists;
using Gateway.Policy.Problems;
using Gateway.Policy.Rules;
using Gateway.Policy.Text;

namespace Gateway.Policy.Tools.Testing;

/// <summary>Runs the tests in a policy document, or in a file beside it.</summary>
public static class CallTests
{
    /// <summary>The suffix of a test file: <c>support.tests.json</c> beside <c>support.json</c>.</summary>
    public const string FileSuffix = ".tests.json";

    /// <summary>Returns the test file of this policy file.</summary>
    public static string Beside(string policyFile) => Path.ChangeExtension(policyFile, null) + FileSuffix;

    /// <summary>
    /// Runs every test in order, on unused counters. There are no results if the text cannot be parsed.
    /// </summary>
    /// <param name="policy">The policy that decides.</param>
    /// <param name="utf8">The file name to show in problems.</param>
    /// <param name="file">The lists that the policy uses; null for none.</param>
    /// <param name="lists">The lists that the policy names; none where it is null.</param>
    public static CallTestReport Run(
        CompiledPolicy policy, ReadOnlyMemory<byte> utf8, string file, NamedLists? lists = null)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var lines = new LineMap(utf8);
        var problems = new ProblemSink(file, lines);
        var tests = Read(utf8, new DocumentContext(problems));
        if (problems.HasErrors)
            return new CallTestReport([], problems.ToImmutable());
        var sequence = new CallSequence(policy, lists);
        return new CallTestReport([.. tests.Select(test => Run(sequence, test, utf8, Place(test, file, lines)))], []);
    }

    private static ImmutableArray<CallTestDocument> Read(ReadOnlyMemory<byte> utf8, DocumentContext context)
    {
        if (utf8.Length > PolicyBounds.DocumentBytesMax)
        {
            context.Problems.Error(0, "", $"the file has {utf8.Length} bytes; at most "
                + $"{PolicyBounds.DocumentBytesMax} are accepted");
            return [];
        }

        var root = JsonTreeReader.Read(utf8.Span, PolicyBounds.DocumentDepthMax, duplicates: null, out var fault);
        if (fault is { } found)
            context.Problems.Error(found.Offset, found.Pointer, found.Message);
        if (root is not { Kind: JsonKind.Object })
            return CallTestReader.ReadAll(root, "", context);
        if (root.Find("version") is null && MemberReader.Open(root, "", "a file of tests", context) is { } members)
        {
            members.Required("tests", "write an array of calls");
            members.RefuseOthers();
        }

        return CallTestReader.ReadAll(root.Find("tests"), "/tests", context);
    }

    private static CallTestResult Run(
        CallSequence sequence, CallTestDocument test, ReadOnlyMemory<byte> utf8, PolicyProblem place)
    {
        var arguments = test.ArgumentsOffset is { } offset ? Value(utf8[offset..]) : default;
        var caller = test.Caller is { } called ? CallerJson.Of(called) : null;
        var (got, number) = (default(CallDecision), 0);
        var passed = true;
        while (passed && number < test.Times)
        {
            number++;
            got = sequence.Call(test.Grant, test.AtMs, test.Tool, arguments, caller, test.Class);
            passed = got.Word == test.Expect && (test.Rule is null || test.Rule == got.Rule);
        }

        var wanted = test.Rule is null ? test.Expect : $"{test.Expect} by {test.Rule}";
        var which = test.Times > 1 && !passed ? $"call {number} of {test.Times}: " : "";
        var had = $"{which}{got.Word} by {got.Rule}";
        var why = got.Reason.Length > 0 ? $" ({got.Reason})" : "";
        var message = $"the test \"{test.Name}\" expects {wanted}, but got {had}{why}";
        return new CallTestResult(test.Name, passed, wanted, had, got.Reason, place with { Message = message });
    }

    private static PolicyProblem Place(CallTestDocument test, string file, LineMap lines)
    {
        var (line, column) = lines.At(test.Offset);
        return new PolicyProblem(ProblemSeverity.Error, file, line, column, test.Pointer, "");
    }

    private static ReadOnlyMemory<byte> Value(ReadOnlyMemory<byte> text)
    {
        var reader = new Utf8JsonReader(text.Span);
        reader.Read();
        reader.Skip();
        return text[..(int)reader.BytesConsumed];
    }
}

/// <summary>The result of one test.</summary>
/// <param name="Name">The test's name, or its number and tool.</param>
/// <param name="Passed">True if every call got the expected decision.</param>
/// <param name="Wanted">The expected decision in words, with the rule if the test names one.</param>
/// <param name="Got">The decision on the first call that failed, otherwise on the last.</param>
/// <param name="Reason">The reason for that decision; empty if the call was allowed.</param>
/// <param name="Place">The location of the test, with the failure.</param>
public sealed record CallTestResult(
    string Name, bool Passed, string Wanted, string Got, string Reason, PolicyProblem Place);

/// <summary>The results of the tests of one file.</summary>
/// <param name="Results">One result per test, in their order; empty if the file is invalid.</param>
/// <param name="Problems">The problems of the file.</param>
public sealed record CallTestReport(ImmutableArray<CallTestResult> Results, ImmutableArray<PolicyProblem> Problems)
{
    /// <summary>The problems of the file, or the failed tests, each with its location.</summary>
    public IEnumerable<PolicyProblem> Failures =>
        Problems.Concat(Results.Where(static result => !result.Passed).Select(static result => result.Place));
}
