using System.Buffers;
using System.Text;
using System.Text.Json;
using Gateway.Mcp;
using Gateway.Mcp.Protocol;
using Gateway.Mcp.Writing;
using Gateway.Proxy.Upstreams.Relay;

namespace Gateway.Proxy.Apps;

/// <summary>
/// The rewriter of the contents of resources, so that the page of an app has only the origins and permissions that the
/// policy allows. A message that cannot be read does not pass, because a less strict client might read it.
/// </summary>
/// <param name="filter">Narrows each content.</param>
/// <param name="requestId">The id of the request, as raw JSON; empty on a stream whose requests are unknown.</param>
internal sealed class AppContents(AppFilter filter, ReadOnlyMemory<byte> requestId) : IMessageRewriter
{
    /// <summary>Returns true for a request that reads the page of an app.</summary>
    public static bool IsRead(McpMessage message) =>
        message.Method == McpMethods.ResourcesRead
        && message.Name?.StartsWith("ui:", StringComparison.OrdinalIgnoreCase) == true;

    /// <inheritdoc/>
    public bool IsRequired => true;

    /// <inheritdoc/>
    public long BytesFor(ReadOnlySpan<byte> message) => Mentions(message) ? 5L * message.Length : 0;

    /// <inheritdoc/>
    public bool TryRewrite(ReadOnlySpan<byte> message, IBufferWriter<byte> output)
    {
        if (!Mentions(message))
            return false;
        try
        {
            // Some clients accept an array of messages.
            var rewritten = message.TrimStart(" \t\r\n"u8) is [(byte)'[', ..]
                ? RawJson.EditedItems(message, OfMessage) : OfMessage(message);
            if (rewritten is null)
                return false;
            output.Write(rewritten);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            if (!requestId.IsEmpty)
            {
                JsonRpcWriter.WriteError(
                    output, requestId.Span, McpErrorCodes.InternalError,
                    "The response of the server cannot be read, so the app in the response was not evaluated.");
            }
        }

        return true;
    }

    // An escaped name has a backslash.
    private static bool Mentions(ReadOnlySpan<byte> message)
    {
        var name = "contents"u8;
        if (message.Contains((byte)'\\'))
            return true;
        while (message.IndexOfAny((byte)'c', (byte)'C') is >= 0 and var at && message.Length - at >= name.Length)
        {
            if (Ascii.EqualsIgnoreCase(message.Slice(at, name.Length), name))
                return true;
            message = message[(at + 1)..];
        }

        return false;
    }

    private byte[]? OfMessage(ReadOnlySpan<byte> message) => RawJson.Edited(message, OfMember);

    private byte[]? OfMember(string name, ReadOnlySpan<byte> value) =>
        name.Equals("result", StringComparison.OrdinalIgnoreCase) ? RawJson.Edited(value, OfResult) : null;

    private byte[]? OfResult(string name, ReadOnlySpan<byte> value) =>
        name.Equals("contents", StringComparison.OrdinalIgnoreCase)
            ? RawJson.EditedItems(value, filter.Content) : null;
}
