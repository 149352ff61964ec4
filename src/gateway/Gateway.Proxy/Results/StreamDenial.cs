using System.Buffers;
using Gateway.Audit.Records;
using Gateway.Mcp.Writing;
using Gateway.Policy;
using Gateway.Policy.Results;

namespace Gateway.Proxy.Results;

/// <summary>
/// A writer of the error response to a denied call on a stream that also carries the responses of other calls. A denied
/// message that responds to no call is omitted.
/// </summary>
internal sealed class StreamDenial(ResultRules others) : IDenialWriter
{
    public bool EndsAnswer => false;

    public void Write(ResultDenial denial, ReadOnlyMemory<byte> message, IBufferWriter<byte> output)
    {
        if (ResultEngine.AnsweredId(message, others) is not { IsEmpty: false } id)
            return;
        var refusal = CallDenial.Of(denial);
        var scratch = JsonScratch.Take();
        JsonRpcWriter.WriteError(
            scratch.Json, id.Span, RefusalJson.ErrorCode(refusal.Outcome), refusal.Text, refusal, RefusalJson.Write);
        output.Write(scratch.Written());
    }
}
