using Gateway.Audit.Records;
using Gateway.Audit.Writing;
using Gateway.Control.Usage.Counting;
using Gateway.Limits.Model;
using Gateway.Mcp.Protocol;
using Gateway.Proxy.Telemetry;
using Gateway.Proxy.Upstreams.Relay;

namespace Gateway.Proxy.Forwarding;

/// <summary>The recorder and counter of the ends of calls.</summary>
internal sealed class OutcomeRecorder(
    AuditLog audit, UpstreamMetrics answers, UsageCounts usage, ProcessClock clock)
{
    /// <summary>The metrics of servers' responses and failures.</summary>
    public UpstreamMetrics Upstreams => answers;

    public ValueTask EndedAsync(
        IAuditedCall call, in RelayOutcome outcome, string counted, ResultRecord? results = null)
    {
        answers.Ended(call.ServerName, outcome);
        return EndedAsync(call, OutcomeWords.Of(outcome), outcome.Status, outcome.Bytes, counted, results);
    }

    /// <summary>Returns the recorder of a call that ends after its response, with the task that it created.</summary>
    public Func<bool, string, ValueTask> Later(EndedCall call, RelayOutcome outcome, ResultRecord? results)
    {
        answers.Ended(call.ServerName, outcome);
        return (hasFailed, counted) => EndedAsync(
            call, OutcomeWords.Of(outcome with { IsError = outcome.IsError || hasFailed }), outcome.Status,
            outcome.Bytes, counted, results);
    }

    /// <summary>Records the end of a call that did not end with a server's response.</summary>
    public ValueTask EndedAsync(
        IAuditedCall call, string outcome, int status, long bytes, string counted, ResultRecord? results = null)
    {
        var nowMs = clock.NowMs();
        if (call.Message.Method == McpMethods.ToolsCall)
        {
            usage.CountResult(
                call.GrantName, call.ServerName, call.ToolLabel ?? UsageCounts.Other, call.PolicyName,
                nowMs - call.ArrivedMs, CallEnds.IsFailed(outcome, status), nowMs);
        }

        return audit.PostAsync(AuditEncoder.Outcome(call, nowMs, outcome, status, bytes, counted, results));
    }
}

/// <summary>The words for the end of a call in the record.</summary>
internal static class OutcomeWords
{
    /// <summary>The request was sent, and no response to it can arrive.</summary>
    public const string NoResponse = "no_response";

    public static string Of(in RelayOutcome outcome) => outcome.End switch
    {
        RelayEnd.Completed => outcome.IsError ? "error" : "completed",
        RelayEnd.ClientGone => "client gone",
        RelayEnd.UpstreamBroken => "upstream broken",
        RelayEnd.Denied => "answer denied",
        RelayEnd.Refused => "answer refused",
        RelayEnd.NoMemory => "no memory for the answer",
        RelayEnd.NoResponse => NoResponse,
        RelayEnd.TimedOut => "timed out",
        RelayEnd.Resumable => "resumed elsewhere",
        RelayEnd.Stopped => "stopped",
        _ => throw new NotSupportedException($"RelayEnd {outcome.End} has no case here."),
    };
}
