using Gateway.Mcp;
using Gateway.Proxy.Edge.Listeners;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Refusals;

/// <summary>The response to a request for which there is no memory; nothing of it was forwarded.</summary>
internal static class NoMemory
{
    /// <summary>Responds with 503 and a retry time, because other messages use the memory.</summary>
    public static Task WriteAsync(HttpContext http, ReadOnlyMemory<byte> id)
    {
        http.Response.Headers.RetryAfter = "1";
        return PlainResponse.FaultAsync(http, new McpFault(
            StatusCodes.Status503ServiceUnavailable, McpErrorCodes.InternalError,
            "The gateway has no memory for this message now, because other messages use it. Nothing "
                + "was forwarded or counted; try again, with fewer or smaller messages at a time.", id));
    }

    /// <summary>Responds with 413, because the message needs more than one grant may ever use.</summary>
    public static Task NeverAsync(HttpContext http, long needed, long max, ReadOnlyMemory<byte> id) =>
        PlainResponse.FaultAsync(http, new McpFault(
            StatusCodes.Status413PayloadTooLarge, McpErrorCodes.InvalidRequest,
            $"Evaluating the arguments of this message would take {needed} bytes of memory, but a grant may use {max}. "
                + "Nothing was forwarded or counted. Send fewer values at a time.", id));
}
