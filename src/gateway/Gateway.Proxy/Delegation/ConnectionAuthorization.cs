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
}

/// <summary>The authorization of the gateway at a server's authorization server, on behalf of a caller.</summary>
public sealed class ConnectionAuthorization(
    ConnectionStore store, ConnectionRequests requests, OutboundConnector connector, ProcessClock clock,
    TimeProvider time)
{
    /// <summary>Finds the authorization server of a server.</summary>
    /// <exception cref="IOException">There is none, or it must not be used.</exception>
    public async Task<ConnectionService> FindAsync(ServerModel server, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(server);
        try
        {
            var client = CallerConnections.ClientOf(server);
            using var http = CallerConnections.HttpTo(server, connector, time);
            var found = await new TokenDiscovery(server.Url!, client, http).FindSignInAsync(cancellationToken);
            return new ConnectionService(found.Issuer, found.Scope) { Found = found };
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
                Resource = found.Resource,
                Scope = found.Scope,
                Target = CredentialReceiver.OfConnection(server),
            },
        });
        List<(string Name, string? Value)> query =
        [
            ("response_type", "code"), ("client_id", server.OAuth!.ClientId), ("redirect_uri", redirectUri),
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
        ConnectionTokens tokens;
        try
        {
            using var http = CallerConnections.HttpTo(server, connector, time);
            tokens = await ConnectionTokenRequest.RedeemAsync(
                http, CallerConnections.ClientOf(server),
                new ConnectionTokens
                {
                    Name = name,
                    Target = signIn.Target,
                    TokenEndpoint = signIn.TokenEndpoint,
                    IsBasic = signIn.IsBasic,
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

        var connection = new CallerConnection
        {
            Server = server.Name,
            Grant = owner.Grant,
            Issuer = owner.Issuer,
            Subject = owner.Subject,
            ConnectedBy = signIn.Person,
            Connected = DateTimeOffset.FromUnixTimeMilliseconds(clock.NowMs()),
            AuthorizationServer = signIn.AuthorizationServer,
            Scope = signIn.Scope,
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
