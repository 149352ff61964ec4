using System.Buffers;
using System.Text.Json;
using Gateway.Mcp.Protocol;
using Gateway.Mcp.Writing;
using Gateway.Policy.Decisions;
using Gateway.Policy.Rules;
using Gateway.Proxy.Upstreams.Relay;

namespace Gateway.Proxy.Extensions;

/// <summary>
/// The rewriter of a server's description of itself, which removes the extensions that the policy does not pass. It
/// adds tasks if calls may become tasks of the gateway.
/// </summary>
/// <param name="policy">The policy for the server.</param>
/// <param name="method">The method of the request.</param>
/// <param name="hasLongCalls">True if calls that take long become tasks.</param>
internal sealed class ServerCapabilities(PolicyBinding policy, string method, bool hasLongCalls) : IMessageRewriter
{
    private readonly bool _offersTasks =
        method == McpMethods.ServerDiscover && (policy.MayWait || hasLongCalls) && policy.Passes(KnownExtensions.Tasks);

    /// <summary>Returns true for the methods whose response contains capabilities.</summary>
    public static bool IsIn(string method) => method is McpMethods.Initialize or McpMethods.ServerDiscover;

    /// <inheritdoc/>
    public long BytesFor(ReadOnlySpan<byte> message) => 3L * message.Length;

    /// <inheritdoc/>
    public bool TryRewrite(ReadOnlySpan<byte> message, IBufferWriter<byte> output)
    {
        try
        {
            if (RawJson.Find(message, "result", "capabilities") is not { } place)
                return false;
            var filtered = CapabilityFilter.Filtered(message[place], policy);
            if (_offersTasks)
                filtered = CapabilityFilter.WithTasks(filtered ?? message[place]) ?? filtered;
            if (filtered is null)
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
