using Gateway.Proxy.Upstreams;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Forwarding;

/// <summary>The status for a request that no server answered.</summary>
internal static class Unanswered
{
    /// <summary>
    /// 503 with a time to retry where it waited for room and was never sent, which is nobody's fault; else 502.
    /// </summary>
    public static int StatusOf(HttpContext http, UpstreamException e)
    {
        if (e.Failure != UpstreamFailure.AtBound || e.WasWritten)
            return StatusCodes.Status502BadGateway;
        http.Response.Headers.RetryAfter = "1";
        return StatusCodes.Status503ServiceUnavailable;
    }
}
