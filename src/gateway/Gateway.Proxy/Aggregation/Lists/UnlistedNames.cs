using Gateway.Audit.Records;
using Gateway.Audit.Writing;
using Gateway.Control.Usage.Counting;
using Gateway.Limits.Model;
using Gateway.Mcp;
using Gateway.Mcp.Protocol;
using Gateway.Policy.Decisions;
using Gateway.Proxy.Aggregation.Sessions;

namespace Gateway.Proxy.Aggregation.Lists;

/// <summary>
/// The record of requests at <c>/mcp</c> for names that no server of the grant lists. They belong to no server, so no
/// policy evaluates them, but the operator should see them.
/// </summary>
internal sealed class UnlistedNames(AuditLog audit, RefusalFold folds, UsageCounts usage, ProcessClock clock)
{
    private const string Rule = "(not listed)";

    /// <summary>Records a request. It is refused either way, so an unwritable log changes nothing.</summary>
    public async ValueTask RecordAsync(AggregateRequest request, string reason)
    {
        var call = new UnlistedCall(request, clock.NowMs());
        var refusal = new Refusal(RefusalCategory.Denied, Rule, reason.TrimEnd('.'), "");
        // The agent chose the name, and no server has it.
        if (request.Message.Method == McpMethods.ToolsCall)
            usage.Count(call.GrantName, UsageCounts.Other, UsageCounts.Other, refusal.Outcome, call.NowMs);
        if (!folds.Takes(call, refusal))
        {
            await audit.RecordAsync(
                AuditEncoder.Decision(call, new DecisionRecord { Rule = Rule, Refusal = refusal }), neverBlocks: true);
        }
    }

    private sealed class UnlistedCall(AggregateRequest request, long nowMs) : IAuditedCall
    {
        public string IdText { get; } = CallId.New().ToString();

        public string GrantName => request.Grant.Name;

        public Caller? Caller => request.Grant.Identity?.Caller;

        /// <summary>Empty, because the server is unknown.</summary>
        public string ServerName => "";

        public string? PolicyName => null;

        public string? PolicySha256 => null;

        public McpMessage Message => request.Message;

        public string? SessionCounterId => null;

        public long NowMs => nowMs;

        public long ArrivedMs => nowMs;
    }
}
