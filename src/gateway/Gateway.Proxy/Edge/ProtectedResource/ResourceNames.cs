using Gateway.Control.ConfigFile;
using Gateway.Control.Snapshots;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Edge.ProtectedResource;

/// <summary>
/// The addresses of servers as resources (RFC 8707), and the address of all servers of a grant. They always use the
/// configured issuer, never a Host header.
/// </summary>
public static class ResourceNames
{
    /// <summary>
    /// The placeholder for a server's name that stands for all servers of a grant; no server can have this name.
    /// </summary>
    public const string All = "*";

    private const string Prefix = "/mcp/";
    private const string Own = "/mcp";

    /// <summary>
    /// Returns the requested address of a server, under the origin that its client knows; null for an unknown server.
    /// </summary>
    /// <returns>The origin, and the path below it, with the trailing slash of the request.</returns>
    public static (string Origin, string Path)? Asked(GatewaySnapshot snapshot, HttpRequest request, string server)
    {
        if (OriginOf(snapshot) is not { } origin || (server != All && !snapshot.Servers.ContainsKey(server)))
            return null;
        var (at, path) = PlaceOf(snapshot, origin, request, server);
        return (at, path + (request.Path.Value!.EndsWith('/') ? "/" : ""));
    }

    /// <summary>
    /// Returns the origin of the gateway's addresses for clients that sign in; null if no authorization server is named
    /// for them.
    /// </summary>
    public static Uri? OriginOf(GatewaySnapshot snapshot) => snapshot.OAuth?.Address
        ?? (snapshot.Callers.Issuers.Any(static issuer => issuer.IsAdvertised) ? snapshot.Callers.Origin : null);

    /// <summary>
    /// Returns the requested address of a server without a trailing slash; null if the gateway's origin is not
    /// configured.
    /// </summary>
    public static string? AddressOf(GatewaySnapshot snapshot, HttpRequest request, string server)
    {
        if (snapshot.Callers.Origin is not { } origin)
            return null;
        var (at, path) = PlaceOf(snapshot, origin, request, server);
        return at + path;
    }

    private static (string Origin, string Path) PlaceOf(
        GatewaySnapshot snapshot, Uri origin, HttpRequest request, string server) =>
        IsOwnHost(snapshot, request.Host, out var own) && own == server
        && request.Path.Value.AsSpan().TrimEnd('/') is Own
            ? (AtHost(origin, request.Host.Host), Own)
            : (origin.GetLeftPart(UriPartial.Authority),
                server == All ? Own : Prefix + NameIn(snapshot, request, server));

    /// <summary>Returns the origin of a server's own host name.</summary>
    public static string AtHost(Uri origin, string host) =>
        new UriBuilder(origin) { Host = host }.Uri.GetLeftPart(UriPartial.Authority);

    // For a renamed server, use the name from the request: clients compare the resource with their address.
    private static string NameIn(GatewaySnapshot snapshot, HttpRequest request, string server)
    {
        var path = request.Path.Value!.TrimEnd('/');
        return path.StartsWith(Prefix, StringComparison.Ordinal) && path[Prefix.Length..] is var name
            && snapshot.Names.FirstOf(name) == server ? name : snapshot.Names.Shown(server);
    }

    /// <summary>Returns the address of all servers of a grant.</summary>
    public static string OfAll(OAuthSettings oauth) => oauth.Issuer + Own;

    /// <summary>Returns true if the host is the host name of one server.</summary>
    public static bool IsOwnHost(GatewaySnapshot snapshot, HostString host, out string server)
    {
        var found = host.HasValue ? snapshot.Hosts.GetValueOrDefault(host.Host) : null;
        server = found?.Name ?? "";
        return found is not null;
    }

    /// <summary>
    /// Returns the server of a path below the issuer or below the server's own host, or <see cref="All"/>; null if
    /// there is none.
    /// </summary>
    public static string? ServerAt(GatewaySnapshot snapshot, HostString host, string path)
    {
        var trimmed = path.EndsWith('/') ? path[..^1] : path;
        if (IsOwnHost(snapshot, host, out var own))
            return trimmed == Own ? own : null;
        if (trimmed == Own)
            return All;
        return trimmed.StartsWith(Prefix, StringComparison.Ordinal)
            && trimmed[Prefix.Length..] is var name && EntityName.IsValid(name)
            && snapshot.Names.FirstOf(name) is var first && snapshot.Servers.ContainsKey(first)
                ? first
                : null;
    }

    /// <summary>
    /// Returns the server that a client means by <c>resource</c>, or <see cref="All"/>; null if there is none. The case
    /// of the host, a default port, a query and one trailing slash are ignored.
    /// </summary>
    public static string? ServerOf(GatewaySnapshot snapshot, string resource)
    {
        // An address that a URI parser would normalize was never issued to a client.
        if (snapshot.OAuth is not { } oauth || resource.AsSpan().ContainsAny("\\%#@")
            || resource.Contains("/.", StringComparison.Ordinal)
            || resource.AsSpan().ContainsAnyExceptInRange('!', '~')
            || !Uri.TryCreate(resource, UriKind.Absolute, out var uri)
            || uri.Scheme != oauth.Address.Scheme || uri.Port != oauth.Address.Port)
        {
            return null;
        }

        var host = new HostString(uri.Host);
        return IsOwnHost(snapshot, host, out _) || uri.IdnHost == oauth.Address.IdnHost
            ? ServerAt(snapshot, host, uri.AbsolutePath)
            : null;
    }
}
