using Gateway.Control.Snapshots;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Edge.Listeners;

/// <summary>
/// The refusal of what the operator has stopped. Not 401: a client would throw away, or ask for, a token that is good
/// again once it is resumed.
/// </summary>
public static class PausedResponse
{
    /// <summary>Null where nothing that the call needs is paused.</summary>
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

    /// <summary>Answers 403 with <paramref name="why"/>.</summary>
    public static Task WriteAsync(HttpContext http, string why) =>
        PlainResponse.TextAsync(http, StatusCodes.Status403Forbidden, why);
}
