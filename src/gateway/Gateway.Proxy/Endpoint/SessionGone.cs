using Gateway.Mcp;
using Gateway.Proxy.Edge.Listeners;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Endpoint;

/// <summary>
/// The response to a session id that was not issued for this grant and server. Like an ended session it gets 404, after
/// which a client initializes again (Streamable HTTP, Session Management).
/// </summary>
internal static class SessionGone
{
    public static Task WriteAsync(HttpContext http, ReadOnlyMemory<byte> id) =>
        PlainResponse.FaultAsync(http, new McpFault(
        StatusCodes.Status404NotFound, McpErrorCodes.InvalidRequest,
        "There is no such session for this grant. Start a new session with initialize, without an "
            + "Mcp-Session-Id.", id));
}
