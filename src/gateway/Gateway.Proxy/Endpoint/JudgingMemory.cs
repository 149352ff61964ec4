using Gateway.Control.Memory;
using Gateway.Mcp.Reading;
using Gateway.Policy.Decisions;
using Gateway.Proxy.Calls;
using Gateway.Proxy.Pipeline;

namespace Gateway.Proxy.Endpoint;

/// <summary>
/// Takes, for the moment that it lasts, the memory that reading a large message and judging its arguments needs: both
/// become several times as large as the message. Small ones are read without asking.
/// </summary>
internal sealed class JudgingMemory(MemoryBudget memory, McpReadOptions readOptions)
{
    /// <summary>The message, or why there is none; null where there is no memory to read it.</summary>
    public async ValueTask<McpReadResult?> ReadAsync(
        MemoryShare share, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var bytes = McpReader.ReadingBytes(body.Span);
        if (bytes == 0)
            return McpReader.Read(body, readOptions);
        if (!await memory.TakeAsync(share, bytes, MemoryUse.Judging, cancellationToken))
            return null;
        try
        {
            return McpReader.Read(body, readOptions);
        }
        finally
        {
            memory.GiveBack(share, bytes);
        }
    }

    /// <summary>The decision; null where there is no memory to make it.</summary>
    public async ValueTask<PolicyDecision?> DecideAsync(CallContext call, long bytes)
    {
        var share = call.Grant.State.Memory;
        if (!await memory.TakeAsync(share, bytes, MemoryUse.Judging, call.Http.RequestAborted))
            return null;
        try
        {
            return CallPipeline.Judge(call);
        }
        finally
        {
            memory.GiveBack(share, bytes);
        }
    }
}
