using Gateway.Control.Memory;
using Gateway.Mcp.Reading;

namespace Gateway.Proxy.Endpoint;

/// <summary>
/// Takes, for the moment that it lasts, the memory that reading a large message needs: what it becomes is several times
/// as large. Small ones are read without asking.
/// </summary>
internal sealed class ReadingMemory(MemoryBudget memory, McpReadOptions readOptions)
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
}
