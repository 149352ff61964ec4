using System.Buffers;
using Gateway.Policy.Json;
using Gateway.Policy.Results;
using Gateway.Policy.Rules;

namespace Gateway.Policy;

/// <summary>Judges what a server answers by one immutable policy: no clock, no state, no waiting.</summary>
public static class ResultEngine
{
    // Texts are decoded, and those that are JSON themselves are read too, one after the other.
    private const int TextsFactor = 16;
    private const int IdLengthMax = 128;

    /// <summary>What is to be done with one message of a server, whatever it is.</summary>
    /// <param name="calls">
    /// The rules of the call with an id, as raw JSON: <see cref="ResultRules.None"/> where it has none, null where
    /// nobody knows the call.
    /// </param>
    /// <param name="others">What holds for a message that answers no call.</param>
    /// <param name="bytesMax">The longest message that a rule is asked about.</param>
    /// <param name="message">The message; only one, since nobody asked for several.</param>
    /// <param name="output">Gets the message as it passes, where it was changed.</param>
    /// <param name="budget">The work that the rules may do for this call; a message that needs more is denied.</param>
    /// <param name="cancellation">Ends the evaluation once nobody waits for the message.</param>
    /// <exception cref="OperationCanceledException">The evaluation was ended.</exception>
    public static ResultVerdict Judge(
        Func<ReadOnlyMemory<byte>, ResultRules?> calls, ResultRules others, int bytesMax,
        ReadOnlyMemory<byte> message, IBufferWriter<byte> output,
        ResultBudget budget, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(budget);
        ArgumentNullException.ThrowIfNull(calls);
        ArgumentNullException.ThrowIfNull(others);
        if (MessageHead.Read(message) is not { } head)
            return ResultVerdict.Denied(ResultDenial.Unreadable("it is not one JSON-RPC message with one meaning"));
        var rules = head.HasResult ? calls(head.Id) : others;
        if (rules is null)
            return ResultVerdict.Denied(ResultDenial.UnknownCall);
        if (!rules.IsEmpty && message.Length > bytesMax)
            return ResultVerdict.Denied(ResultDenial.TooLarge(bytesMax));
        return rules.IsEmpty
            ? ResultVerdict.Pass
            : new ResultRun(rules, budget.ForMessage(cancellation)).Judge(message, head.HasResult, output);
    }

    /// <summary>The id of the call that a message answers, where it says nothing else; empty for no answer.</summary>
    public static ReadOnlyMemory<byte> AnsweredId(ReadOnlyMemory<byte> message, ResultRules others) =>
        MessageHead.Read(message) is { HasResult: true } head && KeyOf(head.Id) is { Length: <= IdLengthMax } key
        && IsClear(others, key[1..], ResultBudget.OfCall())
            ? head.Id
            : default;

    /// <summary>Whether a text outside of messages, such as a header's value, has nothing that is redacted.</summary>
    public static bool IsClear(
        ResultRules rules, string text, ResultBudget budget, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(budget);
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentNullException.ThrowIfNull(text);
        return new ResultRun(rules, budget.ForMessage(cancellation)).IsClear(text);
    }

    /// <summary>An upper bound in bytes for what judging a message takes for a moment.</summary>
    public static long JudgingBytes(ReadOnlySpan<byte> message) =>
        ArgumentsMeasure.Of(message) + (TextsFactor * (long)message.Length);

    /// <summary>
    /// Ids in one form: a server that reads <c>1.0</c> may answer to <c>1</c>. Null for what is no id.
    /// </summary>
    public static string? KeyOf(ReadOnlyMemory<byte> id)
    {
        var node = id.IsEmpty ? null : JsonTreeReader.Read(id.Span, depthMax: 0, duplicates: null, out _);
        return node switch
        {
            { Kind: JsonKind.String } => $"s{node.Text}",
            { Kind: JsonKind.Number } when JsonDecimal.TryParse(node.Text, out var number) =>
                $"n{number.Sign}.{number.Digits}e{number.Scale}",
            _ => null,
        };
    }
}
