using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Edge.ProtectedResource;

/// <summary>The paths of the authorization server that programs use.</summary>
public static class OAuthPaths
{
    private const string WellKnown = "/.well-known/";

    /// <summary>Returns true for the path of a metadata document.</summary>
    public static bool IsMetadata(PathString path) => path.Value is { } text
        && (text.StartsWith(WellKnown, StringComparison.Ordinal)
            || text.EndsWith(ResourceMetadata.ServerPath, StringComparison.Ordinal));

    /// <summary>Returns true for the path of an endpoint to which programs send requests.</summary>
    public static bool IsProgram(PathString path) => path.Value is "/token" or "/register" or "/revoke";
}
