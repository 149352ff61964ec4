using System.Buffers;
using Gateway.Audit.Records;
using Gateway.Policy.Results;
using Gateway.Proxy.Calls;
using Gateway.Proxy.Refusals;

namespace Gateway.Proxy.Results;

/// <summary>A denial that responds to a call in place of its server. The call has happened and counts.</summary>
internal sealed class CallDenial(CallContext call) : IDenialWriter
{
    public bool EndsAnswer => true;

    public void Write(ResultDenial denial, ReadOnlyMemory<byte> message, IBufferWriter<byte> output) =>
        output.Write(RefusalWriter.Message(call, Of(denial)));

    public static Refusal Of(ResultDenial denial) => new(
        RefusalCategory.Denied, denial.Rule, denial.Reason,
        "The server received the call, and the call counts against your limits. Do not repeat it. Ask the gateway's "
        + "operator if you need the result.");
}
