using System.Buffers;
using System.Text.Json;
using Gateway.Mcp.Protocol;
using Gateway.Mcp.Writing;
using Gateway.Policy.Rules;
using Gateway.Proxy.Upstreams.Relay;

namespace Gateway.Proxy.Extensions;

/// <summary>
/// The rewriter of a server's description of itself, which removes the extensions that the policy does not pass.
/// </summary>
internal sealed class ServerCapabilities(PolicyBinding policy) : IMessageRewriter
{
    /// <summary>Returns true for the methods whose response contains capabilities.</summary>
    public static bool IsIn(string method) => method is McpMethods.Initialize or McpMethods.ServerDiscover;

    /// <inheritdoc/>
    public long BytesFor(ReadOnlySpan<byte> message) => 2L * message.Length;

    /// <inheritdoc/>
    public bool TryRewrite(ReadOnlySpan<byte> message, IBufferWriter<byte> output)
    {
        try
        {
            if (RawJson.Find(message, "result", "capabilities") is not { } place
                || CapabilityFilter.Filtered(message[place], policy) is not { } filtered)
                return false;
            output.Write(RawJson.Replace(message, place, filtered));
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // No client can parse it either.
            return false;
        }
    }
}
