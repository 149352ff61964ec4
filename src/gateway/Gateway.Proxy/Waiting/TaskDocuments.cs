using Gateway.Audit.Records;
using Gateway.Control.Documents;
using Gateway.Limits.Model;
using Gateway.Policy.Text;
using Gateway.Proxy.Approvals.Requests;
using Gateway.Proxy.Calls;

namespace Gateway.Proxy.Waiting;

/// <summary>
/// The documents of tasks whose calls need no approval, which a previous release takes for used ones, and the texts of
/// tasks.
/// </summary>
internal static class TaskDocuments
{
    /// <summary>Returns the document with the task of a call that was sent and takes long.</summary>
    /// <param name="call">The call.</param>
    /// <param name="nowMs">The current time.</param>
    /// <param name="contract">The hash of the tool's definition; null if unknown.</param>
    public static Approval OfLong(CallContext call, long nowMs, string? contract) => Of(
        call, "(long call)", "The server takes long.", call.ArrivedMs, ApprovalTasks.LongKeptFor.TotalMilliseconds) with
    {
        ToolContract = contract ?? "",
        UsedMs = nowMs,
        CallId = call.IdText,
        Task = new ApprovalTask { SentMs = nowMs, IsLongCall = true },
    };

    /// <summary>Returns the document of a call that waits for room of a limit, without its task.</summary>
    /// <param name="call">The call.</param>
    /// <param name="rule">The limit.</param>
    /// <param name="turn">The turn of the call.</param>
    /// <param name="contract">The hash of the tool's definition; null if unknown.</param>
    public static Approval OfWaiting(CallContext call, string rule, CallTurn turn, string? contract) =>
        Of(call, rule, $"The call waits for {turn.Name}.", call.NowMs, turn.UntilMs - call.NowMs) with
        {
            ToolContract = contract,
        };

    /// <summary>Returns the status of a request for approval as text.</summary>
    public static string StatusOf(Approval approval)
    {
        var people = approval.ApprovalsNeeded is { } count ? $"{count} people" : "a person";
        var who = approval.IsBarredToCaller == true ? " other than the caller" : "";
        return $"The call of {approval.Tool} waits until {RefusalJson.Time(approval.ExpiresMs)} for a decision "
            + $"(approval {approval.Id}) by {people}{who} who may approve calls to {approval.Server}. Reason: "
            + $"{approval.Reason}";
    }

    /// <summary>Returns the status of a call that waits for room of a limit as text.</summary>
    public static string WaitingText(Approval approval, ControlSnapshot documents)
    {
        var turn = approval.Task!.Turn!;
        var ahead = CallTurn.Ahead(CallTurn.Of(documents), approval);
        return $"The call waits for {turn.Name} until {RefusalJson.Time(turn.UntilMs)}"
            + (turn.ResetMs is { } reset ? $"; room is expected at {RefusalJson.Time(reset)}" : "")
            + (ahead == 0 ? "." : $"; {Spelling.Count(ahead, "call")} before it.");
    }

    private static Approval Of(CallContext call, string rule, string reason, long sinceMs, double keptMs) => new()
    {
        Id = CallId.New().ToString(),
        State = ApprovalState.Used,
        Grant = call.GrantName,
        Server = call.ServerName,
        Method = call.Message.Method,
        Tool = call.Message.Name!,
        Rule = rule,
        Reason = reason,
        AskedMs = sinceMs,
        HoldsForMs = (long)keptMs,
        ExpiresMs = sinceMs + (long)keptMs,
        GrantToken = call.Grant.CallerToken,
        Caller = call.Grant.Identity?.Subject,
        CallerClient = call.Grant.Identity?.Caller.Client,
        CallerActor = call.Grant.Identity?.Caller.Actor,
    };
}
