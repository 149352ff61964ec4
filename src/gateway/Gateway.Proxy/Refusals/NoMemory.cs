using Gateway.Mcp;
using Gateway.Proxy.Edge.Listeners;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Refusals;

/// <summary>The answer to a request for which there is no memory: nothing of it was forwarded.</summary>
internal static class NoMemory
{
    /// <summary>503 with a time to retry: others hold what it needs.</summary>
    public static Task WriteAsync(HttpContext http, ReadOnlyMemory<byte> id)
    {
        http.Response.Headers.RetryAfter = "1";
        return PlainResponse.FaultAsync(http, new McpFault(
            StatusCodes.Status503ServiceUnavailable, McpErrorCodes.InternalError,
            "The gateway has no memory for this message now, since others of this grant, or of all, hold it. Nothing "
                + "was forwarded or counted; try again, with fewer or smaller messages at a time.", id));
    }

    /// <summary>413: it would need more than one grant may ever hold.</summary>
    public static Task NeverAsync(HttpContext http, long needed, long max, ReadOnlyMemory<byte> id) =>
        PlainResponse.FaultAsync(http, new McpFault(
            StatusCodes.Status413PayloadTooLarge, McpErrorCodes.InvalidRequest,
            $"To judge the arguments of this message would take {needed} bytes of memory, and a grant has {max}. "
                + "Nothing was forwarded or counted. Send fewer values at a time.", id));
}
