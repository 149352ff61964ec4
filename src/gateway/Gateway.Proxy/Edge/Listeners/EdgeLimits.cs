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

    /// <summary>
    /// The maximum size of a request's headers, with room for 64 kB of claims in a token: <see cref="HeaderBounds"/>
    /// refuses less with a reason, and the web server refuses more.
    /// </summary>
    public const int HeaderBytesMax = ConnectionBufferBytes;

    /// <summary>Applies the limits.</summary>
    public static void Apply(KestrelServerLimits limits)
    {
        // The gateway's own bound responds with a protocol error; this one only stops bodies far above it.
        limits.MaxRequestBodySize = 2L * McpReadBounds.Default.BodyBytesMax;
        limits.MaxRequestBufferSize = ConnectionBufferBytes;
        limits.MaxRequestHeadersTotalSize = HeaderBytesMax;
        limits.Http2.MaxRequestHeaderFieldSize = HeaderBytesMax;
    }
}
