using System.Buffers;
using Gateway.Policy.Json;
using Gateway.Policy.Results;
using Gateway.Policy.Rules;

namespace Gateway.Policy;

/// <summary>Evaluates a server's response by one immutable policy, without a clock, state or waiting.</summary>
public static class ResultEngine
{
    // Texts are decoded, and texts that are JSON themselves are parsed too, one after the other.
    private const int TextsFactor = 16;
    private const int IdLengthMax = 128;

    /// <summary>Evaluates one message of a server of any kind.</summary>
    /// <param name="calls">
    /// Returns the rules of the call with an id, as raw JSON: <see cref="ResultRules.None"/> if it has none, null if
    /// the call is unknown.
    /// </param>
    /// <param name="others">The rules for a message that is not a response to a call.</param>
    /// <param name="bytesMax">The maximum length of an evaluated message, in bytes.</param>
    /// <param name="message">The message; only one, since batches are never requested.</param>
    /// <param name="output">Receives the message to forward, if it was changed.</param>
    /// <param name="budget">The work that the rules may do for this call; a message that needs more is denied.</param>
    /// <param name="cancellation">Ends the evaluation once the message is no longer needed.</param>
    /// <exception cref="OperationCanceledException">The evaluation was canceled.</exception>
    public static ResultDecision Evaluate(
        Func<ReadOnlyMemory<byte>, ResultRules?> calls, ResultRules others, int bytesMax,
        ReadOnlyMemory<byte> message, IBufferWriter<byte> output,
        ResultBudget budget, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(budget);
        ArgumentNullException.ThrowIfNull(calls);
        ArgumentNullException.ThrowIfNull(others);
        if (MessageHead.Read(message) is not { } head)
            return ResultDecision.Denied(ResultDenial.Unreadable("it is not a single, unambiguous JSON-RPC message"));
        var rules = head.HasResult ? calls(head.Id) : others;
        if (rules is null)
            return ResultDecision.Denied(ResultDenial.UnknownCall);
        if (!rules.IsEmpty && message.Length > bytesMax)
            return ResultDecision.Denied(ResultDenial.TooLarge(bytesMax));
        return rules.IsEmpty
            ? ResultDecision.Pass
            : new ResultRun(rules, budget.ForMessage(cancellation)).Evaluate(message, head.HasResult, output);
    }

    /// <summary>
    /// Returns the id of the call that a message responds to, if the message has no other effect; empty otherwise.
    /// </summary>
    public static ReadOnlyMemory<byte> AnsweredId(ReadOnlyMemory<byte> message, ResultRules others) =>
        MessageHead.Read(message) is { HasResult: true } head && KeyOf(head.Id) is { Length: <= IdLengthMax } key
        && IsClear(others, key[1..], ResultBudget.OfCall())
            ? head.Id
            : default;

    /// <summary>
    /// Returns true if a text outside of messages, such as a header's value, contains nothing to redact.
    /// </summary>
    public static bool IsClear(
        ResultRules rules, string text, ResultBudget budget, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(budget);
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentNullException.ThrowIfNull(text);
        return new ResultRun(rules, budget.ForMessage(cancellation)).IsClear(text);
    }

    /// <summary>Returns an upper bound, in bytes, of the memory that an evaluation temporarily allocates.</summary>
    public static long EvaluationBytes(ReadOnlySpan<byte> message) =>
        ArgumentsMeasure.Of(message) + (TextsFactor * (long)message.Length);

    /// <summary>
    /// Returns an id in a normal form: a server that reads <c>1.0</c> may respond with <c>1</c>. Null for an invalid
    /// id.
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
