using Gateway.Audit.Records;
using Gateway.Audit.Writing;
using Gateway.Control.Snapshots;
using Gateway.Control.Usage.Counting;
using Gateway.Limits.Model;
using Gateway.Mcp;
using Gateway.Mcp.Protocol;
using Gateway.Policy.Decisions;

namespace Gateway.Proxy.Endpoint;

/// <summary>
/// The record of refused requests that no policy evaluates, such as those that a pause stops. Floods are folded, as
/// with other refusals.
/// </summary>
internal sealed class UnevaluatedCalls(AuditLog audit, RefusalFold folds, UsageCounts usage, ProcessClock clock)
{
    /// <summary>Counts and records a request. It is refused either way, so an unwritable log changes nothing.</summary>
    /// <param name="grant">The grant of the caller.</param>
    /// <param name="server">The server; empty if it is unknown.</param>
    /// <param name="message">The message; null if it was not read.</param>
    /// <param name="rule">The built-in rule that refuses it.</param>
    /// <param name="reason">The reason.</param>
    public async ValueTask RecordAsync(
        GrantModel grant, string server, McpMessage? message, string rule, string reason)
    {
        var call = new Call(grant, server, message, clock.NowMs());
        var refusal = new Refusal(RefusalCategory.Denied, rule, reason, "");
        // A deliberate pause is no spike of refusals, and the agent chose the name of a tool that no server lists.
        if (message?.Method == McpMethods.ToolsCall && rule != PolicyRuleNames.Paused)
            usage.Count(grant.Name, UsageCounts.Other, UsageCounts.Other, refusal.Outcome, call.NowMs);
        if (!folds.Takes(call, refusal))
        {
            await audit.RecordAsync(
                AuditEncoder.Decision(call, new DecisionRecord { Rule = rule, Refusal = refusal }), neverBlocks: true);
        }
    }

    private sealed class Call(GrantModel grant, string server, McpMessage? message, long nowMs) : IAuditedCall
    {
        public string IdText { get; } = CallId.New().ToString();

        public string GrantName => grant.Name;

        public Caller? Caller => grant.Identity?.Caller;

        public string ServerName => server;

        public string? PolicyName => null;

        public string? PolicySha256 => null;

        public McpMessage Message { get; } = message ?? new() { Body = default, Kind = McpMessageKind.Request };

        public string? SessionCounterId => null;

        public long NowMs => nowMs;

        public long ArrivedMs => nowMs;
    }
}
