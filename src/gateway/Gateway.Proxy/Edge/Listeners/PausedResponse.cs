using Gateway.Control.Snapshots;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Edge.Listeners;

/// <summary>
/// The refusal of a request that the operator has paused. Not 401: a client would discard or replace a token that is
/// valid again after the pause.
/// </summary>
public static class PausedResponse
{
    /// <summary>Returns the reason for the refusal, or null if nothing that the call needs is paused.</summary>
    public static string? Why(GatewaySnapshot snapshot, GrantModel grant, string? server)
    {
        if (snapshot.Pauses.Gateway is not null)
            return "The gateway is paused and refuses every call. Its operator can resume it; tokens stay the same.";
        if (grant.IsPaused)
            return $"The grant {grant.Name} is paused. The gateway's operator can resume it; its token stays the same.";
        return server is not null && snapshot.Pauses.OfServer(server) is not null
            ? $"The server {server} is paused. The gateway's operator can resume it; tokens stay the same."
            : null;
    }

    /// <summary>Responds with 403 and <paramref name="why"/>.</summary>
    public static Task WriteAsync(HttpContext http, string why) =>
        PlainResponse.TextAsync(http, StatusCodes.Status403Forbidden, why);
}
