using Gateway.Control.Snapshots;
using Gateway.Proxy.Edge.ProtectedResource;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Endpoint;

/// <summary>The path that agents call: <c>/mcp/{server}</c>, or <c>/mcp</c> of a server's own host.</summary>
internal static class McpPath
{
    private static readonly PathString Prefix = new("/mcp");

    /// <summary>Reads the server whose own host name received the request at exactly <c>/mcp</c>.</summary>
    public static bool TryReadOwn(GatewaySnapshot snapshot, HttpRequest request, out string server)
    {
        server = "";
        return request.Path.Value is "/mcp" or "/mcp/"
            && ResourceNames.IsOwnHost(snapshot, request.Host, out server);
    }

    /// <summary>Returns true for the shared path of all servers of a grant.</summary>
    public static bool IsOfAll(PathString path) => path.Value is "/mcp" or "/mcp/";

    /// <summary>Reads the server from the path; a trailing slash is ignored.</summary>
    public static bool TryRead(PathString path, out string server)
    {
        server = "";
        if (!path.StartsWithSegments(Prefix, out var rest) || rest.Value is not ['/', .. var name])
            return false;
        server = name.EndsWith('/') ? name[..^1] : name;
        return server.Length > 0 && !server.Contains('/', StringComparison.Ordinal);
    }
}
