using System.Collections.Immutable;
using System.Text.Json;
using Gateway.Control.Network;
using Gateway.Mcp.Writing;

namespace Gateway.Proxy.Upstreams.Credentials;

/// <summary>The relevant parts of a server's Protected Resource Metadata (RFC 9728).</summary>
/// <param name="Resource">The server's name for itself, verbatim.</param>
/// <param name="Issuers">The server's authorization servers, in its order.</param>
/// <param name="Scope">All scopes that it supports, as one text; null if it states none.</param>
internal sealed record ProtectedResource(string Resource, ImmutableArray<string> Issuers, string? Scope)
{
    private const string WellKnown = "/.well-known/oauth-protected-resource";
    private const int IssuersMax = 16;

    /// <summary>
    /// Returns the possible addresses of the document: for the server's path first, then for its root (RFC 9728, 3.1).
    /// </summary>
    public static IEnumerable<Uri> Places(Uri server)
    {
        var path = server.AbsolutePath.TrimEnd('/');
        if (path.Length > 0)
            yield return new Uri(server, WellKnown + path);
        yield return new Uri(server, WellKnown);
    }

    /// <exception cref="OAuthException">The document is invalid or describes another resource.</exception>
    public static ProtectedResource Read(JsonElement json, Uri place, Uri server)
    {
        var resource = MetadataMember.Text(json, "resource")
            ?? throw new OAuthException($"{place} has no member resource");
        // RFC 9728, 3.3: a document about another resource must not be used.
        if (!Uri.TryCreate(resource, UriKind.Absolute, out var named) || !Covers(named, server))
            throw new OAuthException($"{place} describes {Printable.Of(resource)}, which is not the server's address");
        var issuers = MetadataMember.Texts(json, "authorization_servers", IssuersMax);
        if (issuers.IsEmpty)
            throw new OAuthException($"{place} names no authorization server");
        var scopes = MetadataMember.Texts(json, "scopes_supported", int.MaxValue);
        return new ProtectedResource(resource, issuers, scopes.IsEmpty ? null : string.Join(' ', scopes));
    }

    // The server's own URL, or a path above it: a host may have several endpoints under one name.
    private static bool Covers(Uri resource, Uri server)
    {
        var path = resource.AbsolutePath.TrimEnd('/');
        return Origin.AreSame(resource, server)
            && (server.AbsolutePath.TrimEnd('/') == path
                || server.AbsolutePath.StartsWith(path + "/", StringComparison.Ordinal));
    }
}
