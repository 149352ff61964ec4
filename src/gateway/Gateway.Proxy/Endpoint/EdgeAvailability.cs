using Gateway.Audit.Records;
using Gateway.Control.Health;
using Gateway.Policy.Text;
using Gateway.Proxy.Edge.Listeners;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Endpoint;

/// <summary>The refusals of requests that this process cannot serve now, before their bodies are read.</summary>
internal sealed class EdgeAvailability(Readiness readiness, Troubles troubles)
{
    /// <summary>
    /// Refuses a new stream while the gateway drains. Calls are still accepted; a stream would be ended at once.
    /// </summary>
    public async ValueTask<bool> RefusesStreamAsync(HttpContext http)
    {
        if (!readiness.IsDraining)
            return false;
        http.Response.Headers.RetryAfter = "1";
        await PlainResponse.TextAsync(http, StatusCodes.Status503ServiceUnavailable,
            "The gateway is shutting down and opens no more streams. Try again.");
        return true;
    }

    /// <summary>Refuses a request while the state of grants is not known for certain.</summary>
    public async ValueTask<bool> DeniesAsStaleAsync(HttpContext http)
    {
        if (readiness.ControlFault is not { } stale)
            return false;
        troubles.Refused(Trouble.Control, stale);
        http.Response.Headers.RetryAfter = "1";
        await PlainResponse.TextAsync(http, StatusCodes.Status503ServiceUnavailable,
            PolicyText.Unavailable(stale, "Nothing was counted; try again in 1 s."));
        return true;
    }
}
