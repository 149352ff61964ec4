using Gateway.Control.Snapshots;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Edge.ProtectedResource;

/// <summary>
/// The challenge in a 401 of <c>/mcp/{server}</c> or <c>/mcp</c>: the address at which a client learns how to sign in
/// (RFC 9728, 5.1).
/// </summary>
public static class AgentChallenge
{
    private const string ProofScheme = "DPoP";
    private static readonly string Algorithms = $"algs=\"{string.Join(' ', ResourceMetadata.ProofAlgorithms)}\"";

    /// <summary>Returns true if the request has a token with a proof (RFC 9449, 7.1).</summary>
    public static bool IsProven(HttpRequest request) => request.Headers.Authorization is [{ } header]
        && header.StartsWith(ProofScheme + " ", StringComparison.OrdinalIgnoreCase);

    /// <summary>Returns the value of the header for a request without the proof that its token needs.</summary>
    public static string OfProof(GatewaySnapshot snapshot, HttpRequest request, string server, string error) =>
        !IsProven(request) ? $"{Of(snapshot, request, server)}, {ProofScheme} {Algorithms}"
        : string.Join(", ", new[]
        {
            $"{ProofScheme} error=\"{error}\"", Algorithms, Metadata(snapshot, request, server),
        }.OfType<string>());

    /// <summary>Returns the value of the <c>WWW-Authenticate</c> header.</summary>
    public static string Of(GatewaySnapshot snapshot, HttpRequest request, string server)
    {
        var error = request.Headers.Authorization.Count > 0 || request.Headers.ContainsKey(snapshot.Callers.KeyHeader)
            ? "error=\"invalid_token\"" : null;
        var asked = Metadata(snapshot, request, server);
        return (error, asked) switch
        {
            (null, null) => "Bearer",
            (null, _) => $"Bearer {asked}",
            (_, null) => $"Bearer {error}",
            _ => $"Bearer {error}, {asked}",
        };
    }

    private static string? Metadata(GatewaySnapshot snapshot, HttpRequest request, string server) =>
        ResourceNames.Asked(snapshot, request, server) is { } resource
            ? $"resource_metadata=\"{resource.Origin}{ResourceMetadata.ResourcePath}{resource.Path}\""
                // Clients prefer this scope to those of the metadata, at whichever authorization server they choose.
                + (snapshot.OAuth is null || snapshot.Callers.Issuers.Any(static issuer => !issuer.Scopes.IsEmpty)
                    ? "" : $", scope=\"{ResourceMetadata.Scope}\"")
            : null;
}
