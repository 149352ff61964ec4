using Gateway.Control.Definitions;
using Gateway.Control.Network;
using Gateway.Mcp.Writing;

namespace Gateway.Proxy.Upstreams.Credentials;

/// <summary>
/// Finds where tokens for a server are to be had: its own metadata (RFC 9728) names the authorization server, whose
/// metadata (RFC 8414) names the endpoint.
/// </summary>
internal sealed class TokenDiscovery(Uri server, OAuthClientOptions client, OAuthHttp http)
{
    // The first that was found; another later is somebody's doing, and does not get the secret.
    private string? _issuer;

    /// <param name="challenge">What the server said last when it refused; null: nothing yet.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="OAuthException">There is none, or it may not be used.</exception>
    public async Task<TokenService> FindAsync(BearerChallenge? challenge, CancellationToken cancellationToken)
    {
        var (resource, asked) = await FindResourceAsync(challenge, cancellationToken);
        var issuer = Issuer(resource);
        var (endpoint, isBasic) = await FindServerAsync(issuer, cancellationToken);
        http.Check(endpoint);
        _issuer = issuer;
        return new TokenService(
            issuer, endpoint, isBasic,
            resource?.Resource ?? server.GetLeftPart(UriPartial.Query),
            client.Scope ?? asked?.Scope ?? resource?.Scope);
    }

    private string Issuer(ProtectedResource? resource)
    {
        if (client.Issuer is { } pinned)
        {
            return resource is null || resource.Issuers.Contains(pinned)
                ? pinned
                : throw new OAuthException($"the server takes no tokens of {pinned}; "
                    + $"it names {Printable.Of(string.Join(", ", resource.Issuers))}");
        }

        if (resource is null)
        {
            throw new OAuthException("the server names no authorization server (no metadata by RFC 9728); "
                + "where you know it, set \"issuer\"");
        }

        if (_issuer is not null && !resource.Issuers.Contains(_issuer))
        {
            throw new OAuthException($"the server named {Printable.Of(_issuer)} before and names "
                + $"{Printable.Of(resource.Issuers[0])} now; where that is right, set \"issuer\"");
        }

        return _issuer ?? resource.Issuers[0];
    }

    private async Task<(ProtectedResource? Resource, BearerChallenge? Challenge)> FindResourceAsync(
        BearerChallenge? challenge, CancellationToken cancellationToken)
    {
        if (await FromChallengeAsync(challenge, cancellationToken) is { } told)
            return (told, challenge);
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
                // At a host's root it may well be another endpoint's.
                unusable ??= e;
            }
        }

        // A server may keep it elsewhere, and say so only to who comes without a token.
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
        // The document describes the server, so it is the server's: any other place would be ours to ask for it.
        if (!Uri.TryCreate(text, UriKind.Absolute, out var place) || !Origin.AreSame(place, server))
            throw new OAuthException($"the server's metadata lies at another place, {Printable.Of(text)}");
        var (json, instead) = await http.GetAsync(place, cancellationToken);
        return json is { } found
            ? ProtectedResource.Read(found, place, server)
            : throw new OAuthException($"{Printable.Of(text)} answered {instead}");
    }

    private async Task<(Uri TokenEndpoint, bool IsBasic)> FindServerAsync(
        string issuer, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(issuer, UriKind.Absolute, out var url) || url.Query.Length > 0)
            throw new OAuthException($"{Printable.Of(issuer)} is no issuer");
        http.Check(url);
        var tried = new List<string>();
        foreach (var place in AuthorizationServer.Places(url))
        {
            var (json, instead) = await http.GetAsync(place, cancellationToken);
            if (json is { } found)
                return AuthorizationServer.Read(found, place, issuer);
            tried.Add($"{place}: {instead}");
        }

        throw new OAuthException($"{Printable.Of(issuer)} has no metadata ({string.Join(", ", tried)})");
    }
}
