using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Endpoint;

/// <summary>The one path that agents call: <c>/mcp/{server}</c>.</summary>
internal static class McpPath
{
    private static readonly PathString Prefix = new("/mcp");

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
