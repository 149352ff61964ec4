using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Gateway.Control.Documents;
using Gateway.Control.Network;
using Gateway.Control.Snapshots;
using Gateway.Limits.Model;
using Gateway.Proxy.Upstreams.Credentials;

namespace Gateway.Proxy.Delegation;

/// <summary>The authorization server of a server, for the person who is about to approve it.</summary>
/// <param name="Issuer">The authorization server.</param>
/// <param name="Scope">The scope that will be requested; null for none.</param>
public sealed record ConnectionService(string Issuer, string? Scope)
{
    internal SignInService? Found { get; init; }

    internal ConnectionClient? Client { get; init; }
}

/// <summary>The authorization of the gateway at a server's authorization server, on behalf of a caller.</summary>
public sealed class ConnectionAuthorization(
    ConnectionStore store, ConnectionRequests requests, ConnectionClients clients, OutboundConnector connector,
    ProcessClock clock, TimeProvider time)
{
    /// <summary>Finds the authorization server of a server.</summary>
    /// <param name="server">The server.</param>
    /// <param name="scope">The scope of the link, see <see cref="ConnectionRequest.Scope"/>.</param>
    /// <param name="cancellationToken">Cancels the search.</param>
    /// <exception cref="IOException">There is none, or it must not be used.</exception>
    public async Task<ConnectionService> FindAsync(
        ServerModel server, string? scope, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(server);
        try
        {
            var client = CallerConnections.ClientOf(server, null);
            using var http = CallerConnections.HttpTo(server, connector, time);
            var found = await new TokenDiscovery(server.Url!, client, http).FindSignInAsync(scope, cancellationToken);
            return new ConnectionService(found.Issuer, found.Scope) { Found = found };
        }
        catch (OAuthException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    /// <summary>Registers the gateway at the authorization server, unless that was done before.</summary>
    /// <exception cref="IOException">It registers no client.</exception>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async Task<ConnectionService> IdentifyAsync(
        ServerModel server, ConnectionService service, string redirectUri, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(service);
        if (server.OAuth!.ClientId.Length > 0)
            return service;
        try
        {
            using var http = CallerConnections.HttpTo(server, connector, time);
            var (client, isBasic) = await clients.OfAsync(http, service.Found!, redirectUri, cancellationToken);
            return service with { Client = client, Found = service.Found! with { IsBasic = isBasic } };
        }
        catch (OAuthException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    /// <summary>Begins a sign-in; returns the address to which the browser is sent.</summary>
    /// <param name="link">The link that the person opened, which has been ended.</param>
    /// <param name="server">The server.</param>
    /// <param name="service">The authorization server that the person approved.</param>
    /// <param name="browser">The browser's session.</param>
    /// <param name="person">The person, for the record.</param>
    /// <param name="redirectUri">The address to which the authorization server returns.</param>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async Task<string> BeginAsync(
        ConnectionRequest link, ServerModel server, ConnectionService service, string browser, string person,
        string redirectUri)
    {
        ArgumentNullException.ThrowIfNull(service);
        var found = service.Found!;
        var verifier = ConnectionRequests.NewSecret();
        var (state, _) = await requests.AddAsync(link with
        {
            SignIn = new ConnectionSignIn
            {
                Browser = browser,
                Person = person,
                Verifier = verifier,
                RedirectUri = redirectUri,
                AuthorizationServer = found.Issuer,
                NamesIssuer = found.NamesIssuer,
                TokenEndpoint = found.TokenEndpoint,
                IsBasic = found.IsBasic,
                Client = service.Client,
                RevocationEndpoint = found.RevocationEndpoint,
                Resource = found.Resource,
                Scope = found.Scope,
                Target = CredentialReceiver.OfConnection(server),
            },
        });
        List<(string Name, string? Value)> query =
        [
            ("response_type", "code"), ("client_id", service.Client?.Id ?? server.OAuth!.ClientId),
            ("redirect_uri", redirectUri),
            ("scope", found.Scope), ("state", state), ("resource", found.Resource),
            ("code_challenge", Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)))),
            ("code_challenge_method", "S256"), ("prompt", found.NeedsConsent ? "consent" : null),
        ];
        var address = found.AuthorizationEndpoint.AbsoluteUri;
        return address + (found.AuthorizationEndpoint.Query.Length > 0 ? "&" : "?") + string.Join('&', query
            .Where(static one => one.Value is not null)
            .Select(static one => $"{one.Name}={Uri.EscapeDataString(one.Value!)}"));
    }

    /// <summary>Exchanges the code of a sign-in that has been ended, and stores the connection.</summary>
    /// <exception cref="IOException">No tokens were issued.</exception>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async Task CompleteAsync(
        ConnectionRequest request, ServerModel server, string code, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var (signIn, owner) = (request.SignIn!, request.Owner);
        if (signIn.Target != CredentialReceiver.OfConnection(server))
            throw new IOException("the server was changed in the meantime");
        var name = owner.NameAt(server.Name);
        TokenOutcome redeemed;
        try
        {
            using var http = CallerConnections.HttpTo(server, connector, time);
            redeemed = await ConnectionTokenRequest.RedeemAsync(
                http, CallerConnections.ClientOf(server, signIn.Client),
                new ConnectionTokens
                {
                    Name = name,
                    Target = signIn.Target,
                    Issuer = signIn.AuthorizationServer,
                    TokenEndpoint = signIn.TokenEndpoint,
                    IsBasic = signIn.IsBasic,
                    Client = signIn.Client,
                    RevocationEndpoint = signIn.RevocationEndpoint,
                    Resource = signIn.Resource,
                    Access = "",
                    IssuedMs = 0,
                },
                code, signIn.Verifier, signIn.RedirectUri, clock.NowMs(), cancellationToken);
        }
        catch (OAuthException e)
        {
            throw new IOException(e.Message, e);
        }

        if (redeemed.IsClientUnknown)
            await clients.ForgetAsync(signIn.Client!);
        if (redeemed.Tokens is not { } tokens)
            throw new IOException(redeemed.Ended);
        var connection = new CallerConnection
        {
            Server = server.Name,
            Grant = owner.Grant,
            Issuer = owner.Issuer,
            Subject = owner.Subject,
            ConnectedBy = signIn.Person,
            Connected = DateTimeOffset.FromUnixTimeMilliseconds(clock.NowMs()),
            AuthorizationServer = signIn.AuthorizationServer,
            Scope = CallerConnections.Union(signIn.Scope, redeemed.Scope),
            Sealed = await store.SealAsync(tokens),
        };
        for (var attempt = 0; attempt < WriteAttempts.Max; attempt++)
        {
            var version = ConnectionStore.VersionOf(await store.ReadAsync(CancellationToken.None), name);
            if (await store.WriteAsync(name, version, connection) is not null)
                return;
        }

        throw WriteAttempts.Exceeded("The connection");
    }
}
