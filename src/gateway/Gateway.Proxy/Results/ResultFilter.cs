using System.Buffers;
using System.Text;
using Gateway.Policy;
using Gateway.Policy.Results;
using Gateway.Proxy.Upstreams.Relay;

namespace Gateway.Proxy.Results;

/// <summary>Judges what comes with one call, or on one stream that belongs to no call, by the grant's policy.</summary>
/// <param name="calls">The rules of the call with an id; null where it is not known.</param>
/// <param name="own">The rules of the call that is answered; none for a stream.</param>
/// <param name="others">What holds for messages that answer no call.</param>
/// <param name="bytesMax">The longest message that is judged.</param>
/// <param name="budget">The work that all of them may do.</param>
/// <param name="denies">Writes what stands in the place of what was denied.</param>
internal sealed class ResultFilter(
    Func<ReadOnlyMemory<byte>, ResultRules?> calls, ResultRules own, ResultRules others, int bytesMax,
    ResultBudget budget, IDenialWriter denies) : IResultFilter
{
    private readonly bool _isEnforced = own.IsEnforced || others.IsEnforced;

    public ResultFindings Findings { get; } = new();

    // An event that no rule is about may be as long as any; the bound is looked at again for one that a rule is about.
    public int BytesMax => own.IsEmpty ? ResponseRelay.JudgedBytesMax : bytesMax;

    public bool JudgesAnswer => !own.IsEmpty;

    public bool EndsWithDenial => denies.EndsAnswer;

    public long BytesFor(ReadOnlySpan<byte> message) => ResultEngine.JudgingBytes(message);

    public bool IsClear(ReadOnlySpan<byte> text) =>
        ResultEngine.IsClear(others, Encoding.UTF8.GetString(text), budget);

    public ResultAction Judge(
        ReadOnlyMemory<byte> message, IBufferWriter<byte> output, CancellationToken cancellation)
    {
        var verdict = ResultEngine.Judge(calls, others, bytesMax, message, output, budget, cancellation);
        Findings.Add(verdict);
        if (verdict.Denial is { } denial && Deny(denial, message, output))
            return ResultAction.Denied;
        return verdict.IsChanged ? ResultAction.Changed : ResultAction.Pass;
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
