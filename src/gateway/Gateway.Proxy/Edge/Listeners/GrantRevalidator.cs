using Gateway.Control.Snapshots;
using Gateway.Limits.Model;
using Gateway.Proxy.Edge.Issuers;
using Gateway.Proxy.Edge.ProtectedResource;

namespace Gateway.Proxy.Edge.Listeners;

/// <summary>The second check that an admitted grant may still call a server.</summary>
public sealed class GrantRevalidator(
    SnapshotHolder snapshots, AccessTokenDirectory tokens, IssuerTokens callers, ProcessClock clock)
{
    /// <summary>
    /// Returns the reason why an admitted request is refused although its token is valid; null if nothing is paused.
    /// </summary>
    public PauseReason? WhyPaused(GrantModel grant, string server)
    {
        var snapshot = snapshots.Current;
        return snapshot.Grants.TryGetValue(grant.Token, out var current)
            ? PausedResponse.Of(
                snapshot, grant.Identity is { } caller ? current.For(caller) : current, server, clock.NowMs())
            : null;
    }

    /// <summary>
    /// Returns the current grant and server at the instant of the decision, or null if the grant has ended.
    /// </summary>
    public (GrantModel Grant, ServerModel Server, long NowMs)? Now(GrantModel grant, string server)
    {
        var nowMs = clock.NowMs();
        var snapshot = snapshots.Current;
        var current = grant.Access is { } access ? tokens.Find(access, nowMs)
            : grant.Identity is not null ? callers.Current(grant, nowMs)
            : snapshot.Grants.GetValueOrDefault(grant.Token);
        if (current?.IsExpired(nowMs) == true)
        {
            current.State.ExpiredUseMs = nowMs;
            return null;
        }

        return current is not null
            && PausedResponse.Of(snapshot, current, server, nowMs) is null
            && current.Bindings.ContainsKey(server) && snapshot.Servers.TryGetValue(server, out var model)
            ? (current.InSession(grant.Session), model, nowMs)
            : null;
    }
}
