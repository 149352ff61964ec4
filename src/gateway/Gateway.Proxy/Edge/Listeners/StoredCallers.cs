using System.Text;
using Gateway.Control.Snapshots;
using Gateway.Limits.Model;
using Gateway.Proxy.Edge.Issuers;
using Gateway.Proxy.Edge.ProtectedResource;

namespace Gateway.Proxy.Edge.Listeners;

/// <summary>
/// The lookup of callers whose calls run later. Their tokens may have expired since; what the tokens stood for must
/// still be valid.
/// </summary>
internal sealed class StoredCallers(
    SnapshotHolder snapshots, AccessTokenDirectory tokens, IssuerTokens issuers, ProcessClock clock)
{
    /// <summary>The maximum time for which a caller that was looked up may be used.</summary>
    public static readonly TimeSpan ValidFor = TimeSpan.FromMinutes(15);

    /// <summary>Returns the stored form of a caller.</summary>
    public StoredCaller Of(GrantModel grant) => grant.Identity is not { } identity
        ? new StoredCaller { SignIn = grant.Access is { } access ? tokens.SignInOf(access) ?? "" : null }
        : new StoredCaller
        {
            Issuer = identity.Issuer.Issuer,
            Claims = Encoding.UTF8.GetString(identity.Caller.Claims.Span),
            Key = identity.Key,
            ClientCredentials = identity.ClientCredentials,
        };

    /// <summary>Returns the current grant and server of a caller; null if it may not call the server now.</summary>
    /// <param name="caller">The caller.</param>
    /// <param name="callerToken">The <see cref="GrantModel.CallerToken"/> of its grant.</param>
    /// <param name="server">The server.</param>
    /// <param name="cancellationToken">Ends the wait for keys of the issuer.</param>
    /// <exception cref="IssuerException">The keys of the issuer are unavailable.</exception>
    public async ValueTask<(GrantModel Grant, ServerModel Server, long NowMs)?> FindAsync(
        StoredCaller caller, string callerToken, string server, CancellationToken cancellationToken)
    {
        if (!TokenHash.TryParse(GrantModel.TokenIn(callerToken), out var token))
            return null;
        var untilMs = clock.NowMs() + (long)ValidFor.TotalMilliseconds;
        var identity = caller.Issuer is null
            ? null : await issuers.RestoreAsync(caller, untilMs, cancellationToken);
        var (snapshot, nowMs) = (snapshots.Current, clock.NowMs());
        var grant = identity is not null
                ? identity.GrantIn(snapshot) is { } selected ? issuers.Current(selected, nowMs) : null
            : caller.Issuer is not null ? null
            : caller.SignIn is { } signIn ? tokens.OfSignIn(token, signIn)
            : snapshot.Grants.GetValueOrDefault(token);
        return grant is not null && grant.CallerToken == callerToken && !grant.IsExpired(nowMs)
            && PausedResponse.Of(snapshot, grant, server, nowMs) is null
            && grant.Bindings.ContainsKey(server) && snapshot.Servers.TryGetValue(server, out var model)
            ? (grant, model, nowMs) : null;
    }
}
