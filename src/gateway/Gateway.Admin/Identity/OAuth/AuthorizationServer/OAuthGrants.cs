using Gateway.Admin.Identity.Operators;
using Gateway.Control.Snapshots;
using Gateway.Control.Updating;
using Gateway.Proxy.Edge.Listeners;

namespace Gateway.Admin.Identity.OAuth.AuthorizationServer;

/// <summary>Grants that clients signed in for, and whether tokens may be given for them now.</summary>
internal sealed class OAuthGrants(
    SnapshotUpdater control, SnapshotHolder snapshots, OperatorStore operators, OAuthStore store)
{
    /// <summary>The grant, or why nothing is given for it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="token">What tells it from another that had its name.</param>
    /// <param name="isNew">Whether its client has just signed in: then it may be paused.</param>
    public async ValueTask<(GrantDefinition? Grant, OAuthError? Error)> FindAsync(
        string name, string token, bool isNew)
    {
        var grant = Find(name, token);
        if (grant is null)
        {
            // Another frontend may have made it a moment ago.
            await store.PutInForceAsync();
            grant = Find(name, token);
        }

        if (grant is null || control.State.HasEnded(grant, store.NowMs))
            return (null, OAuthError.InvalidGrant("The grant has ended or was revoked; sign in again."));
        if (operators.Current.Accounts.GetValueOrDefault(grant.OAuth!.Operator) is not { IsDisabled: false } account
            || account.Id != grant.OAuth.OperatorId)
        {
            return (null, OAuthError.InvalidGrant("The operator who allowed it has no account any more."));
        }

        if (isNew)
            return (grant, null);
        var snapshot = snapshots.Current;
        // Of several servers as one, each that is not paused goes on.
        var paused = snapshot.Grants.TryGetValue(grant.Token, out var model)
            && grant.Servers.Keys.Select(server => PausedResponse.Why(snapshot, model, server)).ToList() is var all
            && (!grant.OAuth.IsOfAll || all.TrueForAll(static why => why is not null))
                ? all.Find(static why => why is not null)
                : null;
        // Whoever is told that a token is wrong throws it away, and this one is good again later.
        return paused is null ? (grant, null) : (null, OAuthError.Unavailable(paused));
    }

    private GrantDefinition? Find(string name, string token) =>
        control.State.Stored.Grants.GetValueOrDefault(name) is { OAuth: not null } grant
        && grant.Token.ToString() == token && control.State.Objects.Grants.GetValueOrDefault(name) == grant
            ? grant
            : null;
}
