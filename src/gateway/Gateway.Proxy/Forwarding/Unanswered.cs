using Gateway.Proxy.Upstreams;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Forwarding;

/// <summary>The status for a request without a response from a server.</summary>
internal static class Unanswered
{
    /// <summary>
    /// Returns 503 with a retry time if the request waited for room and was never sent; otherwise 502.
    /// </summary>
    public static int StatusOf(HttpContext http, UpstreamException e)
    {
        if (e.Failure != UpstreamFailure.AtBound || e.WasWritten)
            return StatusCodes.Status502BadGateway;
        http.Response.Headers.RetryAfter = "1";
        return StatusCodes.Status503ServiceUnavailable;
    }
}
