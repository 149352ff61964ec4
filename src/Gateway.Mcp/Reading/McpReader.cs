namespace Gateway.Mcp;

/// <summary>Reads one message so strictly that no second reader can find another meaning in the same bytes.</summary>
public static class McpReader
{
    /// <summary>Reads a whole body. Nothing is copied: the message's parts are slices of <paramref name="body"/>.</summary>
    public static McpReadResult Read(ReadOnlyMemory<byte> body, McpReadOptions options) =>
        throw new NotSupportedException("Arrives with the next delivery.");
}
