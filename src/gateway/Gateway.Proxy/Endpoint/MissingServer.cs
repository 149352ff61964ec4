using Gateway.Control.Snapshots;
using Gateway.Mcp.Writing;
using Gateway.Proxy.Edge.Listeners;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Proxy.Endpoint;

/// <summary>
/// The refusal of a request for a server that the grant of its caller lacks, and its record. No policy evaluates it,
/// and no other grant that the caller's claims match is tried.
/// </summary>
internal static class MissingServer
{
    private const string Rule = "(no server)";

    /// <summary>Responds with 403.</summary>
    public static async Task RefuseAsync(HttpContext http, GrantModel grant, string server)
    {
        await http.RequestServices.GetRequiredService<UnevaluatedCalls>().RecordAsync(
            grant, Printable.Of(server), message: null, Rule,
            $"the grant {grant.Name}, which the token's claims select, has no server of that name");
        await PlainResponse.TextAsync(http, StatusCodes.Status403Forbidden,
            $"The token's claims select the grant {grant.Name}, which reaches no server of that name.");
    }
}
