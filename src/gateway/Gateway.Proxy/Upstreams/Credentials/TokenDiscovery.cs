using System.Text.Json;
using Gateway.Control.Definitions;
using Gateway.Control.Network;
using Gateway.Mcp.Writing;

namespace Gateway.Proxy.Upstreams.Credentials;

/// <summary>
/// The discovery of the endpoint that issues tokens for a server: the server's metadata (RFC 9728) names the
/// authorization server, whose metadata (RFC 8414) names the endpoint.
/// </summary>
internal sealed class TokenDiscovery(Uri server, OAuthClientOptions client, OAuthHttp http)
{
    // The first issuer that was found. A different one later may be an attack, and does not get the secret.
    private string? _issuer;

    /// <param name="challenge">The server's latest challenge; null if there was none yet.</param>
    /// <param name="cancellationToken">Cancels the search.</param>
    /// <exception cref="OAuthException">There is no endpoint, or it must not be used.</exception>
    public async Task<TokenService> FindAsync(BearerChallenge? challenge, CancellationToken cancellationToken)
    {
        var (resource, asked) = await FindResourceAsync(challenge, cancellationToken);
        var issuer = Issuer(resource);
        var (json, place) = await FindServerAsync(issuer, cancellationToken);
        var (endpoint, isBasic) = AuthorizationServer.Read(json, place, issuer, client);
        http.Check(endpoint);
        _issuer = issuer;
        return new TokenService(
            issuer, endpoint, isBasic,
            resource?.Resource ?? server.GetLeftPart(UriPartial.Query),
            client.Scope ?? asked?.Scope ?? resource?.Scope);
    }

    /// <summary>Finds where callers authorize the gateway, and where it then gets tokens.</summary>
    /// <param name="scope">The scope that a server required later; null for that of a first connection.</param>
    /// <param name="cancellationToken">Cancels the search.</param>
    /// <exception cref="OAuthException">There is no such place, or it must not be used.</exception>
    public async Task<SignInService> FindSignInAsync(string? scope, CancellationToken cancellationToken)
    {
        var (resource, asked) = await FindResourceAsync(null, cancellationToken);
        var issuer = Issuer(resource);
        var (json, place) = await FindServerAsync(issuer, cancellationToken);
        var service = SignInService.Read(json, place, issuer, client) with
        {
            Resource = resource?.Resource ?? server.GetLeftPart(UriPartial.Query),
        };
        http.Check(service.AuthorizationEndpoint);
        http.Check(service.TokenEndpoint);
        if (client.ClientId.Length == 0 && !service.AcceptsClientDocuments && service.RegistrationEndpoint is null)
        {
            throw new OAuthException($"{Printable.Of(issuer)} does not register clients; register one for the "
                + "gateway there, and set \"clientId\" of the server");
        }

        // MCP, Authorization (Scope Selection Strategy): the scope of a challenge comes before all that it supports.
        scope = client.Scope ?? scope;
        if (scope is null)
            asked ??= await http.ProbeAsync(cancellationToken);
        return service.Requesting(scope ?? asked?.Scope ?? resource?.Scope);
    }

    private string Issuer(ProtectedResource? resource)
    {
        if (client.Issuer is { } pinned)
        {
            return resource is null || resource.Issuers.Contains(pinned)
                ? pinned
                : throw new OAuthException($"the server accepts no tokens from {pinned}; "
                    + $"it names {Printable.Of(string.Join(", ", resource.Issuers))}");
        }

        if (resource is null)
        {
            throw new OAuthException("the server names no authorization server (no metadata by RFC 9728); "
                + "if you know it, set \"issuer\"");
        }

        if (_issuer is not null && !resource.Issuers.Contains(_issuer))
        {
            throw new OAuthException($"the server named {Printable.Of(_issuer)} before and names "
                + $"{Printable.Of(resource.Issuers[0])} now; if that is correct, set \"issuer\"");
        }

        return _issuer ?? resource.Issuers[0];
    }

    private async Task<(ProtectedResource? Resource, BearerChallenge? Challenge)> FindResourceAsync(
        BearerChallenge? challenge, CancellationToken cancellationToken)
    {
        if (await FromChallengeAsync(challenge, cancellationToken) is { } named)
            return (named, challenge);
        OAuthException? unusable = null;
        foreach (var place in ProtectedResource.Places(server))
        {
            var (json, _) = await http.GetAsync(place, cancellationToken);
            try
            {
                if (json is { } found)
                    return (ProtectedResource.Read(found, place, server), challenge);
            }
            catch (OAuthException e)
            {
                // The document at the root of a host may describe another endpoint.
                unusable ??= e;
            }
        }

        // A server may keep the document elsewhere and name it only in a response to a request without a token.
        if (client.Issuer is null)
            challenge ??= await http.ProbeAsync(cancellationToken);
        var resource = await FromChallengeAsync(challenge, cancellationToken);
        return resource is null && unusable is not null ? throw unusable : (resource, challenge);
    }

    private async Task<ProtectedResource?> FromChallengeAsync(
        BearerChallenge? challenge, CancellationToken cancellationToken)
    {
        if (challenge?.ResourceMetadata is not { } text)
            return null;
        // The document describes the server, so it must be at the server's own origin. Otherwise a server could make
        // the gateway request any address.
        if (!Uri.TryCreate(text, UriKind.Absolute, out var place) || !Origin.AreSame(place, server))
            throw new OAuthException($"the server's metadata is at another origin, {Printable.Of(text)}");
        var (json, instead) = await http.GetAsync(place, cancellationToken);
        return json is { } found
            ? ProtectedResource.Read(found, place, server)
            : throw new OAuthException($"{Printable.Of(text)} responded with {instead}");
    }

    private async Task<(JsonElement Json, Uri Place)> FindServerAsync(
        string issuer, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(issuer, UriKind.Absolute, out var url) || url.Query.Length > 0)
            throw new OAuthException($"{Printable.Of(issuer)} is not a valid issuer");
        http.Check(url);
        var tried = new List<string>();
        foreach (var place in AuthorizationServer.Places(url))
        {
            var (json, instead) = await http.GetAsync(place, cancellationToken);
            if (json is { } found)
                return (found, place);
            tried.Add($"{place}: {instead}");
        }

        throw new OAuthException($"{Printable.Of(issuer)} has no metadata ({string.Join(", ", tried)})");
    }
}
