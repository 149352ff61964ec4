using Gateway.Admin.Identity.Operators;
using Gateway.Control.Snapshots;
using Gateway.Control.Updating;
using Gateway.Proxy.Edge.Listeners;

namespace Gateway.Admin.Identity.OAuth.AuthorizationServer;

/// <summary>Grants that clients signed in for, and the check that tokens may be issued for them now.</summary>
internal sealed class OAuthGrants(
    SnapshotUpdater control, SnapshotHolder snapshots, OperatorStore operators, OAuthStore store)
{
    /// <summary>Returns the grant, or the reason why no tokens are issued for it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="token">The token hash that distinguishes it from an earlier grant of the same name.</param>
    /// <param name="isNew">True if the client has just signed in: then the grant may be paused.</param>
    public async ValueTask<(GrantDefinition? Grant, OAuthError? Error)> FindAsync(
        string name, string token, bool isNew)
    {
        var grant = Find(name, token);
        if (grant is null)
        {
            // Another frontend may have created it a moment ago.
            await store.PutInForceAsync();
            grant = Find(name, token);
        }

        if (grant is null || control.State.HasEnded(grant, store.NowMs))
            return (null, OAuthError.InvalidGrant("The grant has ended or was revoked; sign in again."));
        if (operators.Current.Accounts.GetValueOrDefault(grant.OAuth!.Operator) is not { IsDisabled: false } account
            || account.Id != grant.OAuth.OperatorId)
        {
            return (null, OAuthError.InvalidGrant("The operator who allowed the client was deleted or disabled."));
        }

        if (isNew)
            return (grant, null);
        var snapshot = snapshots.Current;
        // A grant of several servers works as long as one of them is not paused.
        var paused = snapshot.Grants.TryGetValue(grant.Token, out var model)
            && grant.Servers.Keys.Select(server => PausedResponse.Of(snapshot, model, server, nowMs: 0)).ToList()
                is var all
            && (!grant.OAuth.IsOfAll || all.TrueForAll(static why => why is not null))
                ? all.Find(static why => why is not null)
                : null;
        // A client discards a token that is rejected as invalid, but this one becomes valid again later.
        return paused is null ? (grant, null) : (null, OAuthError.Unavailable(paused.Text));
    }

    private GrantDefinition? Find(string name, string token) =>
        control.State.Stored.Grants.GetValueOrDefault(name) is { OAuth: not null } grant
        && grant.Token.ToString() == token && control.State.Objects.Grants.GetValueOrDefault(name) == grant
            ? grant
            : null;
}

/// <summary>The reason why a client's request fails.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">The error code of the specifications.</param>
/// <param name="Text">The description for people.</param>
internal sealed record OAuthError(int Status, string Code, string Text)
{
    public static OAuthError InvalidRequest(string text) => new(400, "invalid_request", text);

    public static OAuthError InvalidClient(string text) => new(401, "invalid_client", text);

    public static OAuthError InvalidGrant(string text) => new(400, "invalid_grant", text);

    public static OAuthError InvalidTarget(string text) => new(400, "invalid_target", text);

    public static OAuthError Unavailable(string text) => new(503, "temporarily_unavailable", text);
}
