using Gateway.Mcp.Reading;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Gateway.Proxy.Edge.Listeners;

/// <summary>What the web server itself bounds, before the edge has seen a byte.</summary>
public static class EdgeLimits
{
    /// <summary>
    /// What one connection may hold unread: bytes that come while its call is under way, or that nobody will read.
    /// </summary>
    public const int ConnectionBufferBytes = 128 * 1024;

    /// <summary>Sets them.</summary>
    public static void Apply(KestrelServerLimits limits)
    {
        // The edge's own bound answers in the protocol's words; this one only stops what would pass it by far.
        limits.MaxRequestBodySize = 2L * McpReadBounds.Default.BodyBytesMax;
        limits.MaxRequestBufferSize = ConnectionBufferBytes;
    }
}
