using Gateway.Audit.Records;
using Gateway.Audit.Writing;
using Gateway.Control.Snapshots;
using Gateway.Limits.Model;
using Gateway.Mcp;
using Gateway.Mcp.Writing;
using Gateway.Policy.Decisions;
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

    /// <summary>Responds with 403. The request is refused either way, so an unwritable log changes nothing.</summary>
    public static async Task RefuseAsync(HttpContext http, GrantModel grant, string server)
    {
        var services = http.RequestServices;
        var call = new Call(
            grant.Name, grant.Identity?.Caller, Printable.Of(server),
            services.GetRequiredService<ProcessClock>().NowMs());
        var refusal = new Refusal(
            RefusalCategory.Denied, Rule,
            $"the grant {grant.Name}, which the token's claims select, has no server of that name", "");
        if (!services.GetRequiredService<RefusalFold>().Takes(call, refusal))
        {
            await services.GetRequiredService<AuditLog>().RecordAsync(
                AuditEncoder.Decision(call, new DecisionRecord { Rule = Rule, Refusal = refusal }), neverBlocks: true);
        }

        await PlainResponse.TextAsync(http, StatusCodes.Status403Forbidden,
            $"The token's claims select the grant {grant.Name}, which reaches no server of that name.");
    }

    private sealed record Call(string GrantName, Caller? Caller, string ServerName, long NowMs) : IAuditedCall
    {
        public string IdText { get; } = CallId.New().ToString();

        public string? PolicyName => null;

        public string? PolicySha256 => null;

        public McpMessage Message { get; } = new() { Body = default, Kind = McpMessageKind.Request };

        public string? SessionCounterId => null;

        public long ArrivedMs => NowMs;
    }
}
