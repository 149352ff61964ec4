using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Edge.ProtectedResource;

/// <summary>The authorization server's paths that programs use.</summary>
public static class OAuthPaths
{
    private const string WellKnown = "/.well-known/";

    /// <summary>Whether metadata stands there.</summary>
    public static bool IsMetadata(PathString path) => path.Value is { } text
        && (text.StartsWith(WellKnown, StringComparison.Ordinal)
            || text.EndsWith(ResourceMetadata.ServerPath, StringComparison.Ordinal));

    /// <summary>Whether a program sends requests there.</summary>
    public static bool IsProgram(PathString path) => path.Value is "/token" or "/register" or "/revoke";
}
