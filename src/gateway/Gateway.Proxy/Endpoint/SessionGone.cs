using Gateway.Mcp;
using Gateway.Proxy.Edge.Listeners;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Endpoint;

/// <summary>
/// A session id that was not made for this grant and server: answered like a session that has ended, 404, after which
/// a client initialises anew (Streamable HTTP, Session Management).
/// </summary>
internal static class SessionGone
{
    public static Task WriteAsync(HttpContext http, ReadOnlyMemory<byte> id) =>
        PlainResponse.FaultAsync(http, new McpFault(
        StatusCodes.Status404NotFound, McpErrorCodes.InvalidRequest,
        "There is no such session for this grant. Start a new one with initialize, without an Mcp-Session-Id.", id));
}
