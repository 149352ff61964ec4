using Gateway.Control.ConfigFile;
using Gateway.Control.Snapshots;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Edge.ProtectedResource;

/// <summary>
/// The addresses of servers as resources (RFC 8707), and the one of all servers of a grant; always of the configured
/// issuer, never of a Host.
/// </summary>
public static class ResourceNames
{
    /// <summary>
    /// Stands where a server's name would, for all servers of a grant as one; no server can have it.
    /// </summary>
    public const string All = "*";

    private const string Prefix = "/mcp/";
    private const string Own = "/mcp";

    /// <summary>
    /// The path that a server was asked at, of the address that its client knows; null for no server.
    /// </summary>
    /// <returns>The origin, and the path below it, with the slash at its end that was sent.</returns>
    public static (string Origin, string Path)? Asked(GatewaySnapshot snapshot, HttpRequest request, string server)
    {
        if (snapshot.OAuth is not { } oauth || (server != All && !snapshot.Servers.ContainsKey(server)))
            return null;
        var slash = request.Path.Value!.EndsWith('/') ? "/" : "";
        return IsOwnHost(snapshot, request.Host, out var own) && own == server
            && request.Path.Value.AsSpan().TrimEnd('/') is Own
                ? (oauth.AddressOf(request.Host.Host), Own + slash)
                : (oauth.Issuer, (server == All ? Own : Prefix + NameIn(snapshot, request, server)) + slash);
    }

    // Of the names of a renamed server the one that was requested: clients compare the resource with their address.
    private static string NameIn(GatewaySnapshot snapshot, HttpRequest request, string server)
    {
        var path = request.Path.Value!.TrimEnd('/');
        return path.StartsWith(Prefix, StringComparison.Ordinal) && path[Prefix.Length..] is var name
            && snapshot.Names.FirstOf(name) == server ? name : snapshot.Names.Shown(server);
    }

    /// <summary>The address of all servers of a grant as one.</summary>
    public static string OfAll(OAuthSettings oauth) => oauth.Issuer + Own;

    /// <summary>Whether it is the host name of one server.</summary>
    public static bool IsOwnHost(GatewaySnapshot snapshot, HostString host, out string server)
    {
        var found = host.HasValue ? snapshot.Hosts.GetValueOrDefault(host.Host) : null;
        server = found?.Name ?? "";
        return found is not null;
    }

    /// <summary>
    /// The server of a path below the issuer, or below the server's own host, or <see cref="All"/>; null for none.
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
    /// The server that a client means by <c>resource</c>, or <see cref="All"/>; null for none. Case of the host, a
    /// default port, a query and one slash at the end change nothing.
    /// </summary>
    public static string? ServerOf(GatewaySnapshot snapshot, string resource)
    {
        // What a URI parser would put right is no address that anybody was given.
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
