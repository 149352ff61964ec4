using System.Buffers;
using System.Text;
using Gateway.Policy;
using Gateway.Policy.Results;
using Gateway.Proxy.Upstreams.Relay;

namespace Gateway.Proxy.Results;

/// <summary>
/// A filter that evaluates the messages of one call's response, or of one stream that belongs to no call, by the
/// grant's policy.
/// </summary>
/// <param name="calls">Returns the rules of the call with an id; null if the call is unknown.</param>
/// <param name="own">The rules of the call that receives the response; empty for a stream.</param>
/// <param name="others">The rules for messages that are not responses to a call.</param>
/// <param name="bytesMax">The longest message that is evaluated, in bytes.</param>
/// <param name="budget">The work that all messages together may cause.</param>
/// <param name="denies">Writes the replacement of a denied message.</param>
internal sealed class ResultFilter(
    Func<ReadOnlyMemory<byte>, ResultRules?> calls, ResultRules own, ResultRules others, int bytesMax,
    ResultBudget budget, IDenialWriter denies) : IResultFilter
{
    private readonly bool _isEnforced = own.IsEnforced || others.IsEnforced;

    public ResultFindings Findings { get; } = new();

    // An event that no rule covers may have any length; the bound is checked again for an event that a rule covers.
    public int BytesMax => own.IsEmpty ? ResponseRelay.EvaluatedBytesMax : bytesMax;

    public bool EvaluatesResponses => !own.IsEmpty;

    public bool EndsWithDenial => denies.EndsAnswer;

    public long BytesFor(ReadOnlySpan<byte> message) => ResultEngine.EvaluationBytes(message);

    public bool IsClear(ReadOnlySpan<byte> text) =>
        ResultEngine.IsClear(others, Encoding.UTF8.GetString(text), budget);

    public ResultAction Evaluate(
        ReadOnlyMemory<byte> message, IBufferWriter<byte> output, CancellationToken cancellation)
    {
        var decision = ResultEngine.Evaluate(calls, others, bytesMax, message, output, budget, cancellation);
        Findings.Add(decision);
        if (decision.Denial is { } denial && Deny(denial, message, output))
            return ResultAction.Denied;
        return decision.IsChanged ? ResultAction.Changed : ResultAction.Pass;
    }

    public bool Deny(string reason, bool isTooLarge, IBufferWriter<byte> output) => Deny(
        isTooLarge ? ResultDenial.TooLarge(bytesMax) : ResultDenial.Unreadable(reason), default, output);

    private bool Deny(ResultDenial denial, ReadOnlyMemory<byte> message, IBufferWriter<byte> output)
    {
        if (!_isEnforced)
        {
            Findings.InShadow(denial);
            return false;
        }

        Findings.Denied(denial);
        denies.Write(denial, message, output);
        return true;
    }
}
