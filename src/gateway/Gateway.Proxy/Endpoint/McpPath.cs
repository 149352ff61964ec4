using Gateway.Control.Snapshots;
using Gateway.Proxy.Edge.ProtectedResource;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Endpoint;

/// <summary>The path that agents call: <c>/mcp/{server}</c>, or <c>/mcp</c> of a server's own host.</summary>
internal static class McpPath
{
    private static readonly PathString Prefix = new("/mcp");

    /// <summary>The server whose own host name was asked at exactly <c>/mcp</c>; false for no such.</summary>
    public static bool TryReadOwn(GatewaySnapshot snapshot, HttpRequest request, out string server)
    {
        server = "";
        return request.Path.Value is "/mcp" or "/mcp/"
            && ResourceNames.IsOwnHost(snapshot, request.Host, out server);
    }

    /// <summary>Whether it is the path of all servers of a grant, as one.</summary>
    public static bool IsOfAll(PathString path) => path.Value is "/mcp" or "/mcp/";

    /// <summary>False where the path is another one; a slash at its end changes nothing.</summary>
    public static bool TryRead(PathString path, out string server)
    {
        server = "";
        if (!path.StartsWithSegments(Prefix, out var rest) || rest.Value is not ['/', .. var name])
            return false;
        server = name.EndsWith('/') ? name[..^1] : name;
        return server.Length > 0 && !server.Contains('/', StringComparison.Ordinal);
    }
}
