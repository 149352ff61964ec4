using Gateway.Control.Snapshots;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Edge.ProtectedResource;

/// <summary>
/// The challenge in a 401 of <c>/mcp/{server}</c> or <c>/mcp</c>: the address at which a client learns how to sign in
/// (RFC 9728, 5.1).
/// </summary>
public static class AgentChallenge
{
    /// <summary>Returns the value of the <c>WWW-Authenticate</c> header.</summary>
    public static string Of(GatewaySnapshot snapshot, HttpRequest request, string server)
    {
        var error = request.Headers.Authorization.Count > 0 || request.Headers.ContainsKey(snapshot.Callers.KeyHeader)
            ? "error=\"invalid_token\"" : null;
        var asked = ResourceNames.Asked(snapshot, request, server) is { } resource
            ? $"resource_metadata=\"{resource.Origin}{ResourceMetadata.ResourcePath}{resource.Path}\""
                + (snapshot.OAuth is null ? "" : $", scope=\"{ResourceMetadata.Scope}\"")
            : null;
        return (error, asked) switch
        {
            (null, null) => "Bearer",
            (null, _) => $"Bearer {asked}",
            (_, null) => $"Bearer {error}",
            _ => $"Bearer {error}, {asked}",
        };
    }
}
