using System.Buffers;
using Gateway.Policy.Results;
using static Gateway.Policy.Tests.Policies;

namespace Gateway.Policy.Tests.Results;

/// <summary>One message of a server, evaluated by <c>results</c> of the tool that was called.</summary>
internal static class ResultBench
{
    public const string Unchanged = "(unchanged)";

    public static ResultDecision Evaluate(string results, string message, out string passed) =>
        EvaluateEntry($$"""{"results":{{results}}}""", message, out passed);

    public static ResultDecision EvaluateEntry(string entry, string message, out string passed)
    {
        var binding = Bind(Document($$"""  "tools":{"t":{{entry}}}  """));
        var rules = Call(binding, "t").Results ?? ResultRules.None;
        var output = new ArrayBufferWriter<byte>();
        var own = ResultEngine.KeyOf("1"u8.ToArray());
        var decision = ResultEngine.Evaluate(
            id => ResultEngine.KeyOf(id) == own ? rules : null, binding.OtherMessages ?? ResultRules.None, 4_000_000,
            Encoding.UTF8.GetBytes(message), output, ResultBudget.OfCall());
        passed = decision.IsChanged ? Encoding.UTF8.GetString(output.WrittenSpan) : Unchanged;
        return decision;
    }

    /// <summary>What becomes of a result, or the rule that denies it.</summary>
    public static string Of(string results, string result)
    {
        var decision = Evaluate(results, Answer(result), out var passed);
        if (decision.Denial is { } denial)
            return denial.Rule;
        return passed == Unchanged ? Unchanged : passed["""{"jsonrpc":"2.0","id":1,"result":""".Length..^1];
    }

    public static string Answer(string result) => $$"""{"jsonrpc":"2.0","id":1,"result":{{result}}}""";

    public static string Redact(string redaction) => $$"""{"redact":[{{redaction}}]}""";
}
