using Gateway.Control.Snapshots;
using Gateway.Policy.Decisions;
using Gateway.Policy.Text;

namespace Gateway.Proxy.Edge.Listeners;

/// <summary>
/// The refusal of a request that the operator has paused. Not 401: a client would discard or replace a token that is
/// valid again after the pause.
/// </summary>
public static class PausedResponse
{
    // Written for the model that reads it: a repeated call changes nothing, and neither does another token.
    private const string Then = "repeat the call after that, with the same token, and not before.";
    private const string Restored = "The gateway's operator can restore it.";

    /// <summary>Returns the reason for the refusal, or null if nothing that the call needs is paused.</summary>
    /// <param name="snapshot">The configuration.</param>
    /// <param name="grant">The grant of the caller.</param>
    /// <param name="server">The server; null before it is known.</param>
    /// <param name="nowMs">The current time in Unix milliseconds.</param>
    public static PauseReason? Of(GatewaySnapshot snapshot, GrantModel grant, string? server, long nowMs)
    {
        if (snapshot.Pauses.Gateway is { } all)
            return Stopped("The gateway is paused and refuses every call", all);
        if (grant.IsPaused)
            return Stopped($"The grant {grant.Name} is paused", snapshot.Pauses.OfGrant(grant.Name));
        if (snapshot.Pauses.OfCaller(grant.Identity, nowMs) is { } stopped)
            return OfCaller(stopped);
        return server is not null && snapshot.Pauses.OfServer(server) is { } one
            ? Stopped($"The server {server} is paused", one)
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

    private static PauseReason OfCaller(Pause pause) => pause.Subject switch
    {
        { ExpiresMs: not null } => new("The access of this caller has expired", Restored, pause),
        { IsRevoked: true } => new("The access of this caller was revoked", Restored, pause),
        _ => Stopped("This caller is paused", pause),
    };

    private static PauseReason Stopped(string what, Pause? pause) => new(what, $"{Next(pause)}; {Then}", pause);

    private static string Next(Pause? pause) => pause?.UntilMs is { } until
        ? $"It resumes at {WrittenTime.Shown(DateTimeOffset.FromUnixTimeMilliseconds(until))}"
        : "The gateway's operator can resume it";
}

/// <summary>The reason why a pause refuses a request.</summary>
/// <param name="What">The paused object, as a sentence without its end.</param>
/// <param name="Next">The next step of the agent.</param>
/// <param name="Pause">The pause; null for one that only the grant contains.</param>
public sealed record PauseReason(string What, string Next, Pause? Pause)
{
    /// <summary>The text that the agent receives, which does not contain the operator's reason.</summary>
    public string Text => $"{What}. {Next}";

    /// <summary>The text in the record, with the operator's reason.</summary>
    public string Recorded => Pause?.Reason is { } reason ? $"{What}: {reason}" : What;
}
