using Gateway.Control.Snapshots;
using Gateway.Proxy.Edge.ProtectedResource;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Endpoint;

/// <summary>
/// The CORS policies. Browser pages may be clients at <c>/mcp</c> and at the authorization server's endpoints for
/// programs, and nowhere else. Credentials are never allowed: no cookie counts there.
/// </summary>
internal sealed class CrossOriginPolicies(SnapshotHolder snapshots) : ICorsPolicyProvider
{
    private static readonly CorsPolicy Agents =
        Of("POST", "GET", "DELETE").SetIsOriginAllowed(static _ => true).Build();
    private static readonly CorsPolicy Metadata = Of("GET").AllowAnyOrigin().Build();
    private static readonly CorsPolicy Programs = Of("POST").AllowAnyOrigin().Build();

    public Task<CorsPolicy?> GetPolicyAsync(HttpContext context, string? policyName)
    {
        var (request, snapshot) = (context.Request, snapshots.Current);
        // Without a policy, a preflight request is handled like any other request: 403 for a Host or an Origin that is
        // not allowed.
        if (request.Headers.Origin is not [{ } origin]
            || !snapshot.AllowsHost(request.Host, context.Connection.LocalIpAddress))
        {
            return Task.FromResult<CorsPolicy?>(null);
        }

        var isAllowed = snapshot.Edge.AllowsOrigin(origin);
        var isMetadata = OAuthPaths.IsMetadata(request.Path);
        var policy = McpPath.TryRead(request.Path, out _) || McpPath.IsOfAll(request.Path)
            ? isAllowed ? Agents : null
            // An authorization server is open to pages of any origin. Without one, a client must still be able to read
            // that there is none.
            : (isMetadata || OAuthPaths.IsProgram(request.Path))
                && (isAllowed || ResourceNames.OriginOf(snapshot) is not null)
                ? isMetadata ? Metadata : Programs
            : null;
        return Task.FromResult(policy);
    }

    // Any header, because 2026-07-28 has headers whose names a server chooses (Mcp-Param-*).
    private static CorsPolicyBuilder Of(params string[] methods) => new CorsPolicyBuilder()
        .WithMethods(methods).AllowAnyHeader().SetPreflightMaxAge(TimeSpan.FromMinutes(10))
        .WithExposedHeaders("WWW-Authenticate", "Mcp-Session-Id", "MCP-Protocol-Version", "Retry-After", "DPoP-Nonce");
}
