using Gateway.Mcp.Reading;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Gateway.Proxy.Edge.Listeners;

/// <summary>The limits that the web server itself applies before the gateway sees a request.</summary>
public static class EdgeLimits
{
    /// <summary>
    /// The maximum unread bytes per connection: bytes that arrive during its call or that are never read.
    /// </summary>
    public const int ConnectionBufferBytes = 128 * 1024;

    /// <summary>Applies the limits.</summary>
    public static void Apply(KestrelServerLimits limits)
    {
        // The gateway's own bound responds with a protocol error; this one only stops bodies far above it.
        limits.MaxRequestBodySize = 2L * McpReadBounds.Default.BodyBytesMax;
        limits.MaxRequestBufferSize = ConnectionBufferBytes;
    }
}
