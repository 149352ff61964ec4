using Gateway.Audit.Records;
using Gateway.Control.Health;
using Gateway.Mcp.Writing;
using Gateway.Proxy.Calls;
using Microsoft.Extensions.Logging;

namespace Gateway.Proxy.Telemetry;

/// <summary>
/// The log of refused calls for the operator: each one at Debug, and the first per minute, grant and rule at
/// Information, so that a runaway agent is visible but does not fill the log.
/// </summary>
internal sealed partial class RefusalWatch(RecentRefusals recent, ILogger<RefusalWatch> logger)
{
    private const int KeysMax = 4096;
    private readonly MinuteBudget<(string Grant, string Rule)> _budget = new(linesMax: 1, KeysMax);

    public void Refused(CallContext call, Refusal refusal)
    {
        var (grant, server, method, rule) =
            (call.Grant.Name, call.Server.Name, Printable.Of(call.Message.Method), refusal.Rule);
        LogRefused(call.Id, grant, server, method, rule, refusal.Reason);
        // A fault of the gateway does not concern a grant, and is a condition of its own.
        if (refusal.Outcome == RefusalCategory.Unavailable)
        {
            recent.AddUnavailable(new(grant, call.ServerName, rule, refusal.Reason, call.NowMs, call.NowMs));
            return;
        }

        // Calls that wait for a person are listed with the approvals.
        if (refusal.Outcome != RefusalCategory.ApprovalRequired)
            recent.Add(grant, rule, call.NowMs);
        if (!logger.IsEnabled(LogLevel.Information) || !_budget.TryTake((grant, rule), call.NowMs, out var swallowed))
            return;
        var since = swallowed == 0 ? "" : $"; {swallowed} more by this rule since the last line";
        LogFirst(grant, server, method, Printable.Of(call.Message.Name ?? ""), rule, refusal.Reason, since);
    }

    [LoggerMessage(1, LogLevel.Debug, "Call {CallId} of {Grant} to {Server} refused: {Method} by {Rule}: {Reason}")]
    private partial void LogRefused(
        Gateway.Limits.Model.CallId callId, string grant, string server, string method, string rule, string reason);

    [LoggerMessage(2, LogLevel.Information,
        "{Grant} was refused {Method} {Name} at {Server} by {Rule}: {Reason}{Since}")]
    private partial void LogFirst(
        string grant, string server, string method, string name, string rule, string reason, string since);
}
