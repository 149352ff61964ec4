using Gateway.Control.Definitions;
using Gateway.Control.Documents;
using Gateway.Control.Network;
using Gateway.Control.Snapshots;
using Gateway.Limits.Model;
using Gateway.Proxy.Upstreams;
using Gateway.Proxy.Upstreams.Connections;
using Gateway.Proxy.Upstreams.Credentials;
using Microsoft.Extensions.Logging;

namespace Gateway.Proxy.Delegation;

/// <summary>
/// The access tokens of callers' own connections. A token is renewed before it is sent, once over all frontends: the
/// one whose write of the stored document succeeds renews, and the others use the old token or wait for the new one.
/// </summary>
public sealed partial class CallerConnections(
    ConnectionStore store, ConnectionClients clients, OutboundConnector connector, ProcessClock clock,
    TimeProvider time, ILogger<CallerConnections> logger) : ICallerCredentials
{
    private const long LeaseMs = 30_000;
    private const long RetryMs = 2_000;
    private const long FreshMs = 10_000;
    private const int WritesMax = 40;
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(25);
    private static readonly TimeSpan WriteAgainAfter = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LookAfter = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public ICallerCredential Of(ServerModel server, GrantModel caller) =>
        new Credential(this, server, ConnectionOwner.Of(caller));

    /// <summary>Returns the access token of a caller, or the reason why the caller must connect first.</summary>
    /// <exception cref="IOException">The token could not be renewed; another attempt may succeed.</exception>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async ValueTask<CallerToken> FindAsync(
        ServerModel server, string name, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(server);
        var began = time.GetTimestamp();
        for (var writes = 0; writes < WriteAttempts.Max;)
        {
            var snapshot = await store.ReadAsync(cancellationToken);
            if (ConnectionStore.Find(snapshot, name) is not { } found)
                return CallerToken.Missing("you have not connected your account yet");
            if (found.Connection.Problem is { } problem)
                return CallerToken.Missing($"your connection has ended: {problem}");
            if (!store.TryOpen(found, snapshot, out var tokens))
                return CallerToken.Missing("your connection cannot be decrypted");
            if (tokens.Target != CredentialReceiver.OfConnection(server))
                return CallerToken.Missing("the address of the server, or the gateway's client there, was changed "
                    + "since you connected");
            var nowMs = clock.NowMs();
            if (!tokens.IsDue(nowMs))
                return CallerToken.Of(tokens.Access);
            var isUsable = tokens.IsUsable(nowMs);
            if (tokens.Refresh is null)
            {
                return isUsable ? CallerToken.Of(tokens.Access)
                    : CallerToken.Missing("your connection has expired");
            }

            // A lease that ends later than any can was dated by a clock that has since been set back.
            if (found.Connection.RenewedUntilMs - nowMs is > 0 and <= LeaseMs)
            {
                if (isUsable)
                    return CallerToken.Of(tokens.Access);
                if (time.GetElapsedTime(began) >= Within)
                    throw new IOException("the renewal of its access token takes too long.");
                await store.WaitAsync(snapshot, LookAfter, cancellationToken);
                continue;
            }

            var leased = found.Connection with { RenewedUntilMs = nowMs + LeaseMs };
            writes++;
            if (await store.WriteAsync(name, found.Version, leased) is not { } lease)
                continue;
            // Once it is requested, a new token must be stored even if this call ends.
            var renewing = Task.Run(() => RenewAsync(server, lease, tokens), CancellationToken.None);
            try
            {
                await renewing.WaitAsync(cancellationToken);
            }
            catch (IOException) when (isUsable)
            {
                return CallerToken.Of(tokens.Access);
            }
        }

        throw WriteAttempts.Exceeded("The connection");
    }

    /// <summary>
    /// Returns the scope of a caller's connection together with what its server requires beyond that; null if all of it
    /// was requested before.
    /// </summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    internal async ValueTask<string?> WiderScopeAsync(string name, string lacked, CancellationToken cancellationToken)
    {
        var known = ConnectionStore.Find(await store.ReadAsync(cancellationToken), name)?.Connection.Scope;
        var wider = Union(known, lacked);
        return wider == Union(known, null) ? null : wider;
    }

    /// <summary>Returns the scopes of both, each once; null if there are none.</summary>
    internal static string? Union(string? first, string? second)
    {
        var scopes = $"{first} {second}".Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Distinct(StringComparer.Ordinal).ToList();
        return scopes.Count > 0 ? string.Join(' ', scopes) : null;
    }

    /// <summary>
    /// Removes a connection, and revokes its tokens at the authorization server if that can be done there.
    /// </summary>
    /// <param name="connection">The connection.</param>
    /// <param name="server">Its server; null if it no longer exists.</param>
    /// <param name="cancellationToken">Stops waiting for the authorization server.</param>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async ValueTask RemoveAsync(
        StoredConnection connection, ServerModel? server, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        await store.RemoveAsync(connection);
        await RevokeAsync(connection, server, cancellationToken);
    }

    /// <summary>
    /// Removes the connections of a grant or a server that was deleted. Their tokens are revoked afterwards, in the
    /// background, since each authorization server may take its time.
    /// </summary>
    /// <param name="isOf">Selects the connections.</param>
    /// <param name="servers">The servers, with one that was deleted.</param>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async ValueTask RemoveAsync(
        Predicate<StoredConnection> isOf, IReadOnlyDictionary<string, ServerModel> servers)
    {
        List<StoredConnection> removed = [.. (await store.AllAsync(CancellationToken.None)).Where(one => isOf(one))];
        foreach (var connection in removed)
            await store.RemoveAsync(connection);
        if (removed.Count > 0)
            _ = Task.Run(RevokeAllAsync);

        async Task RevokeAllAsync()
        {
            try
            {
                foreach (var one in removed)
                    await RevokeAsync(one, servers.GetValueOrDefault(one.Connection.Server), CancellationToken.None);
            }
            catch (ControlStoreException e)
            {
                LogNotRevoked(removed[0].Connection.Server, removed[0].Connection.Grant, e.Message);
            }
        }
    }

    private async ValueTask RevokeAsync(
        StoredConnection connection, ServerModel? server, CancellationToken cancellationToken)
    {
        if (server is null || !server.IsPerCaller || connection.Connection.Problem is not null
            || !store.TryOpen(connection, await store.ReadAsync(cancellationToken), out var tokens)
            || tokens.Target != CredentialReceiver.OfConnection(server)
            || tokens.RevocationEndpoint is not { } endpoint)
        {
            return;
        }

        try
        {
            using var http = HttpTo(server, connector, time);
            await ConnectionTokenRequest.RevokeAsync(
                http, ClientOf(server, tokens.Client), tokens, endpoint, clock.NowMs(), cancellationToken);
        }
        catch (OAuthException e)
        {
            LogNotRevoked(server.Name, connection.Connection.Grant, e.Message);
        }
    }

    internal static OAuthHttp HttpTo(ServerModel server, OutboundConnector connector, TimeProvider time) => new(
        server.Url!, server.OAuth!.Issuer is not null, new ServerEgress(connector, server.Proxy, server.Tls), time);

    /// <summary>Returns the client with which callers connect: the gateway's own one, or the operator's.</summary>
    /// <exception cref="OAuthException">Its secret must be entered again.</exception>
    internal static OAuthClientOptions ClientOf(ServerModel server, ConnectionClient? own) =>
        own is not null ? new OAuthClientOptions(own.Id, own.Secret ?? "", null, null)
        : server.IsClientSecretDetached ? throw new OAuthException("the client's secret or key must be entered again")
        : server.OAuth!;

    private async Task RenewAsync(ServerModel server, StoredConnection lease, ConnectionTokens tokens)
    {
        TokenOutcome renewed;
        try
        {
            using var http = HttpTo(server, connector, time);
            renewed = await ConnectionTokenRequest.RefreshAsync(
                http, ClientOf(server, tokens.Client), tokens, clock.NowMs(), CancellationToken.None);
        }
        catch (OAuthException e)
        {
            LogNotRenewed(server.Name, lease.Connection.Grant, e.Message);
            await store.WriteAsync(
                lease.Name, lease.Version, lease.Connection with { RenewedUntilMs = clock.NowMs() + RetryMs });
            throw new IOException($"its access token could not be renewed: {e.Message}.", e);
        }

        await StoreAsync(server, lease, renewed);
        if (renewed.IsClientUnknown)
            await clients.ForgetAsync(tokens.Client!);
    }

    /// <summary>
    /// Stores new tokens, however long the store is unavailable within the lease: the old refresh token may be invalid.
    /// If another version exists, the caller has connected again or has disconnected, and that stays.
    /// </summary>
    private async Task StoreAsync(ServerModel server, StoredConnection lease, TokenOutcome renewed)
    {
        for (var attempt = 1; attempt <= WritesMax; attempt++)
        {
            try
            {
                await store.WriteAsync(lease.Name, lease.Version, lease.Connection with
                {
                    RenewedUntilMs = 0,
                    Problem = renewed.Ended,
                    Sealed = renewed.Tokens is null ? "" : await store.SealAsync(renewed.Tokens),
                });
                return;
            }
            catch (ControlStoreException e) when (attempt < WritesMax)
            {
                LogNotStored(server.Name, lease.Connection.Grant, e.Message);
                await Task.Delay(WriteAgainAfter, time, CancellationToken.None);
            }
        }
    }

    internal async ValueTask RefusedAsync(ServerModel server, string name, string token)
    {
        try
        {
            var snapshot = await store.ReadAsync(CancellationToken.None);
            if (ConnectionStore.Find(snapshot, name) is not { Connection.Problem: null } found
                || !store.TryOpen(found, snapshot, out var tokens) || tokens.Access != token)
            {
                return;
            }

            var nowMs = clock.NowMs();
            // A new token is on its way, and its write must find this version.
            if (found.Connection.RenewedUntilMs - nowMs is > 0 and <= LeaseMs)
                return;
            // If a token this recent is refused, a new one would be refused as well.
            var isFinal = tokens.Refresh is null || Math.Abs(nowMs - tokens.IssuedMs) < FreshMs;
            var next = isFinal
                ? found.Connection with { Problem = "the server refused its access token", Sealed = "" }
                : found.Connection with { Sealed = await store.SealAsync(tokens with { ExpiresMs = tokens.IssuedMs }) };
            // A lost race means that the connection was renewed or replaced.
            await store.WriteAsync(name, found.Version, next);
        }
        catch (ControlStoreException e)
        {
            LogNotStored(server.Name, "", e.Message);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "{Server}: the access token of a caller of {Grant} was not renewed: {Why}")]
    private partial void LogNotRenewed(string server, string grant, string why);

    [LoggerMessage(2, LogLevel.Error, "{Server}: the connection of a caller of {Grant} was not stored: {Why}")]
    private partial void LogNotStored(string server, string grant, string why);

    [LoggerMessage(3, LogLevel.Warning,
        "{Server}: the tokens of a caller of {Grant} were deleted but not revoked: {Why}. They stay valid until they "
            + "expire.")]
    private partial void LogNotRevoked(string server, string grant, string why);

    private sealed class Credential(CallerConnections connections, ServerModel server, ConnectionOwner owner)
        : ICallerCredential
    {
        public async ValueTask<string> GetAsync(CancellationToken cancellationToken)
        {
            try
            {
                var found = await connections.FindAsync(server, owner.NameAt(server.Name), cancellationToken);
                return found.Value ?? throw new IOException(found.Why);
            }
            catch (ControlStoreException e)
            {
                throw new IOException("the gateway cannot reach the store of its connections", e);
            }
        }

        public ValueTask RefusedAsync(string token) =>
            connections.RefusedAsync(server, owner.NameAt(server.Name), token);
    }
}

/// <summary>The access token of a caller, or the reason why there is none.</summary>
public readonly record struct CallerToken
{
    private CallerToken(string? value, string? why) => (Value, Why) = (value, why);

    /// <summary>The token; null if the caller must connect.</summary>
    public string? Value { get; }

    /// <summary>The reason, as a clause about the caller; null if there is a token.</summary>
    public string? Why { get; }

    internal static CallerToken Of(string token) => new(token, null);

    internal static CallerToken Missing(string why) => new(null, why);

    /// <summary>Returns the reason, never the token.</summary>
    public override string ToString() => Why ?? "connected";
}
