using System.Buffers;

namespace Gateway.Mcp;

/// <summary>Takes what a grant may not see out of a server's lists, and leaves every other byte as it is.</summary>
public static class ListFilter
{
    /// <summary>Filters one JSON-RPC message, or an array of them.</summary>
    /// <param name="message">The message as it came.</param>
    /// <param name="judge">Says what stays.</param>
    /// <param name="output">Receives the filtered message, only when the result is <see cref="ListFilterResult.Changed"/>.</param>
    public static ListFilterResult Apply(ReadOnlySpan<byte> message, IListJudge judge, IBufferWriter<byte> output) =>
        throw new NotSupportedException("Arrives with the next delivery.");
}
