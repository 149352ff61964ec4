using System.Globalization;
using Gateway.Control.Snapshots;
using Gateway.Policy.Decisions;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Edge.Listeners;

/// <summary>
/// The refusal of a request that the operator has paused. Not 401: a client would discard or replace a token that is
/// valid again after the pause.
/// </summary>
public static class PausedResponse
{
    // Written for the model that reads it: a repeated call changes nothing, and neither does another token.
    private const string Then = "repeat the call after that, with the same token, and not before.";

    /// <summary>Returns the reason for the refusal, or null if nothing that the call needs is paused.</summary>
    /// <param name="snapshot">The configuration.</param>
    /// <param name="grant">The grant of the caller.</param>
    /// <param name="server">The server; null before it is known.</param>
    /// <param name="nowMs">The current time in Unix milliseconds.</param>
    public static string? Why(GatewaySnapshot snapshot, GrantModel grant, string? server, long nowMs)
    {
        if (snapshot.Pauses.Gateway is { } all)
            return $"The gateway is paused and refuses every call. {Next(all)}; {Then}";
        if (grant.IsPaused)
        {
            var next = Next(snapshot.Pauses.OfGrant(grant.Name));
            return $"The grant {grant.Name} is paused. {next}; {Then}";
        }

        if (snapshot.Pauses.OfCaller(grant.Identity, nowMs) is { } stopped)
            return WhyStopped(stopped);
        return server is not null && snapshot.Pauses.OfServer(server) is { } one
            ? $"The server {server} is paused. {Next(one)}; {Then}"
            : null;
    }

    /// <summary>Returns the decision on a call of a tool that is paused; its other tools go on.</summary>
    public static PolicyDecision OfTool(string tool, string server, Pause pause) => new()
    {
        Outcome = DecisionOutcome.Deny,
        Rule = PolicyRuleNames.Paused,
        Reason = $"The tool {tool} of {server} is paused",
        NextStep = $"{Next(pause)}; {Then}",
    };

    private static string WhyStopped(Pause pause) => pause.Subject switch
    {
        { ExpiresMs: not null } => "The access of this caller has expired. The gateway's operator can restore it.",
        { IsRevoked: true } => "The access of this caller was revoked. The gateway's operator can restore it.",
        _ => $"This caller is paused. {Next(pause)}; {Then}",
    };

    private static string Next(Pause? pause) => pause?.UntilMs is { } until
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"It resumes at {DateTimeOffset.FromUnixTimeMilliseconds(until):yyyy-MM-dd'T'HH:mm:ss'Z'}")
        : "The gateway's operator can resume it";

    /// <summary>Responds with 403 and <paramref name="why"/>.</summary>
    public static Task WriteAsync(HttpContext http, string why) =>
        PlainResponse.TextAsync(http, StatusCodes.Status403Forbidden, why);
}
