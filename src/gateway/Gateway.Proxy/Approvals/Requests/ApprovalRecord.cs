using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Gateway.Audit.Arguments;
using Gateway.Audit.Records;
using Gateway.Audit.Writing;
using Gateway.Control.Notifications.Messages;
using Gateway.Control.Updating;
using Gateway.Mcp.Writing;
using Gateway.Policy.Recording;
using Gateway.Proxy.Approvals.Standing;
using Microsoft.Extensions.Logging;

namespace Gateway.Proxy.Approvals.Requests;

/// <summary>
/// The record of approval requests in the audit log and the process log; it never contains arguments. Those of a
/// decided request are kept beside the log, encrypted, so that an auditor can read what was approved.
/// </summary>
public sealed partial class ApprovalRecord(
    AuditLog audit, ArgumentRecorder arguments, RecordedSubjects subjects, ILogger<ApprovalRecord> logger)
{
    private const int ViewsKeptMax = 4096;
    private readonly ConcurrentDictionary<(string Id, string By), byte> _viewed = new();

    /// <summary>Records the first time in this process that a person viewed an open request.</summary>
    /// <param name="approval">The request.</param>
    /// <param name="by">The operator, or the channel whose link was opened.</param>
    /// <param name="nowMs">The current time in Unix milliseconds.</param>
    public ValueTask ViewedAsync(Approval approval, Actor by, long nowMs)
    {
        if (_viewed.Count >= ViewsKeptMax)
            _viewed.Clear();
        return approval.StateAt(nowMs) == ApprovalState.Open && _viewed.TryAdd((approval.Id, by.Name), 0)
            ? audit.PostAsync(AuditEncoder.Approval(
                EventOf(approval, "viewed") with { By = by.Name, Actor = by }, nowMs))
            : default;
    }

    /// <summary>Records that approval was requested.</summary>
    public ValueTask AskedAsync(Approval approval, long nowMs)
    {
        LogAsked(approval.Id, approval.Grant, Printable.Of(approval.Tool), approval.Server, approval.Rule);
        return audit.PostAsync(AuditEncoder.Approval(EventOf(approval, "asked"), nowMs));
    }

    /// <summary>Records a person's decision and identity; returns true once the record is written.</summary>
    /// <param name="approval">The request after the decision.</param>
    /// <param name="decided">The arguments that the person decided on, as JSON; null if there are none.</param>
    /// <param name="nowMs">The current time in Unix milliseconds.</param>
    public ValueTask<bool> AnsweredAsync(Approval approval, string? decided, long nowMs)
    {
        if (decided is not null && UInt128.TryParse(approval.Id, NumberStyles.AllowHexSpecifier, null, out var id)
            && ArgumentRecording.All.Keep(Encoding.UTF8.GetBytes(decided)) is { } values)
            arguments.Post(id, nowMs, values);
        var answer = approval.State switch
        {
            ApprovalState.Approved => "approved",
            ApprovalState.Denied => "denied",
            ApprovalState.Open or ApprovalState.Used or ApprovalState.Expired => "voted",
            _ => throw new NotSupportedException($"ApprovalState {approval.State} has no case here."),
        };
        var recorded = EventOf(approval, answer) with
        {
            Actor = approval.State == ApprovalState.Open ? approval.Votes?[^1].Actor : approval.AnsweredAs,
        };
        LogAnswered(approval.Id, answer, recorded.By, approval.Grant, Printable.Of(approval.Tool), approval.Server);
        return audit.RecordAsync(AuditEncoder.Approval(recorded, nowMs));
    }

    /// <summary>Records that a channel was notified of a request, or could not be notified.</summary>
    public ValueTask DeliveredAsync(Notification notification, string channel, bool isDelivered, long nowMs) =>
        audit.PostAsync(AuditEncoder.Approval(
            new ApprovalEvent
            {
                Id = notification.Subject,
                Became = isDelivered ? "told" : "untold",
                Grant = notification.Grant,
                Server = notification.Server,
                Tool = notification.Tool,
                Rule = notification.Rule,
                Channel = channel,
            },
            nowMs));

    /// <summary>Records that a standing approval was made, revoked or ended, and by whom.</summary>
    public ValueTask StandingAsync(
        StandingApproval standing, string became, string? by, long nowMs, Actor? actor = null)
    {
        LogStanding(standing.Id, became, by, standing.Grant, Printable.Of(standing.Tool), standing.Server);
        return audit.PostAsync(AuditEncoder.Approval(
            new ApprovalEvent
            {
                Id = standing.ApprovalId,
                Became = became,
                Grant = standing.Grant,
                Server = standing.Server,
                Tool = standing.Tool,
                Rule = standing.Rule,
                By = by,
                Actor = actor,
                Standing = new StandingEvent(
                    standing.Id, standing.Terms.Uses, standing.Used, standing.ExpiresMs),
            },
            nowMs));
    }

    /// <summary>Records that a call waits as a task for room of a limit.</summary>
    public ValueTask WaitsAsync(Approval approval, long nowMs)
    {
        LogTask(approval.Id, "waits", approval.Grant, Printable.Of(approval.Tool), approval.Server);
        return audit.PostAsync(AuditEncoder.Approval(EventOf(approval, "waits"), nowMs));
    }

    /// <summary>
    /// Records the end of a request or of its task, and returns true once the record is written. A request expired
    /// without a decision, its approval was unused, or its caller withdrew it. A task finished, was unsent, or was
    /// interrupted after its call may have been sent.
    /// </summary>
    internal ValueTask<bool> EndedAsync(Approval approval, string became, long nowMs)
    {
        var tool = Printable.Of(approval.Tool);
        if (became == "expired")
            LogExpired(approval.Id, approval.Grant, tool, approval.Server);
        else if (became == "unused")
            LogUnused(approval.Id, approval.Grant, tool, approval.Server, approval.AnsweredBy);
        else
            LogTask(approval.Id, became, approval.Grant, tool, approval.Server);
        var ended = EventOf(approval, became);
        return audit.RecordAsync(AuditEncoder.Approval(
            became == "withdrawn" ? ended with { By = null } : ended, nowMs));
    }

    private ApprovalEvent EventOf(Approval approval, string became) => new()
    {
        Id = approval.Id,
        Became = became,
        Grant = approval.Grant,
        Server = approval.Server,
        Tool = approval.Tool,
        Rule = approval.Rule,
        ArgumentsHmac = approval.ArgumentsHmac,
        ArgumentsSha256 = approval.ArgumentsSha256,
        SuggestedFor = approval.SuggestedFor,
        By = approval.State == ApprovalState.Open ? approval.Votes?[^1].By : approval.AnsweredBy,
        Caller = approval.Caller is { } caller ? subjects.Of(caller.Issuer, caller.Subject) : null,
        CallerIssuer = approval.Caller?.Issuer,
        CallerClient = approval.CallerClient,
        CallerActor = approval is { Caller.Issuer: { } issuer, CallerActor: { } actor }
            ? subjects.Of(issuer, actor) : null,
        Comment = approval.Comment,
        Approvals = approval.ApprovalsNeeded is null ? null : approval.Votes?.Count ?? 0,
        ApprovalsNeeded = approval.ApprovalsNeeded,
    };

    [LoggerMessage(1, LogLevel.Information,
        "Approval {Id} requested: {Grant} wants to call {Tool} at {Server}, by rule {Rule}")]
    private partial void LogAsked(string id, string grant, string tool, string server, string rule);

    [LoggerMessage(2, LogLevel.Information,
        "Approval {Id} was {Answer} by {Operator}: {Grant}'s call of {Tool} at {Server}")]
    private partial void LogAnswered(
        string id, string answer, string? @operator, string grant, string tool, string server);

    [LoggerMessage(3, LogLevel.Information,
        "Approval {Id} expired without a decision: {Grant}'s call of {Tool} at {Server}")]
    private partial void LogExpired(string id, string grant, string tool, string server);

    [LoggerMessage(4, LogLevel.Information,
        "Approval {Id} by {Operator} was never used: {Grant}'s call of {Tool} at {Server}")]
    private partial void LogUnused(string id, string grant, string tool, string server, string? @operator);

    [LoggerMessage(5, LogLevel.Information,
        "Standing approval {Id} {Became} by {Operator}: {Grant}'s calls of {Tool} at {Server}")]
    private partial void LogStanding(
        string id, string became, string? @operator, string grant, string tool, string server);

    [LoggerMessage(6, LogLevel.Information, "Approval {Id} {Became}: {Grant}'s call of {Tool} at {Server}")]
    private partial void LogTask(string id, string became, string grant, string tool, string server);
}
