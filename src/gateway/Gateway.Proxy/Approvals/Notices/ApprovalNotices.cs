using System.Security.Cryptography;
using System.Text;
using Gateway.Control.Documents;
using Gateway.Control.Notifications.Messages;
using Gateway.Proxy.Approvals.Requests;

namespace Gateway.Proxy.Approvals.Notices;

/// <summary>The open approval requests, as notifications for channels.</summary>
public sealed class ApprovalNotices(
    ApprovalRepository book, ApprovalLinks links, ApprovalRecord record) : INotificationSource
{
    private const string Asked = "approval.asked";
    private const string Escalated = "approval.escalated";

    /// <inheritdoc/>
    public bool Handles(string type) => type is Asked or Escalated;

    /// <inheritdoc/>
    public IEnumerable<Notification> Open(ControlSnapshot documents, long nowMs)
    {
        foreach (var approval in ApprovalRepository.All(documents).Select(static entry => entry.Approval)
            .Where(approval => approval.StateAt(nowMs) == ApprovalState.Open))
        {
            var asked = Of(approval);
            yield return asked;
            if (approval.EscalatesTo is { } channel && nowMs >= approval.EscalatesMs)
            {
                yield return asked with
                {
                    Id = EscalationId(approval.Id),
                    Subject = approval.Id,
                    Type = Escalated,
                    OnlyTo = channel,
                    Reason = $"Nobody has decided yet. {asked.Reason}",
                };
            }
        }
    }

    /// <inheritdoc/>
    public Notification WithArguments(Notification notification, ControlSnapshot documents) =>
        ApprovalRepository.All(documents)
            .FirstOrDefault(entry => entry.Approval.Id == notification.Subject) is { } entry
            ? notification with { Arguments = book.Opened(entry.Approval, documents).Arguments }
            : notification;

    /// <inheritdoc/>
    public Notification? Ended(string id, ControlSnapshot documents, long nowMs) =>
        ApprovalRepository.All(documents).Select(static entry => entry.Approval)
            .FirstOrDefault(approval => approval.Id == id || EscalationId(approval.Id) == id) is { } approval
                ? Of(approval) with { Outcome = OutcomeOf(approval, nowMs) }
                : null;

    private static string OutcomeOf(Approval approval, long nowMs) => approval.StateAt(nowMs) switch
    {
        ApprovalState.Expired when approval.Task?.WithdrawnMs is not null => "Withdrawn by the caller",
        ApprovalState.Approved or ApprovalState.Used when approval.DecidedBy is { } by => $"Approved by {by}",
        ApprovalState.Denied => $"Denied by {approval.DecidedBy}"
            + (approval.Comment is { Length: > 0 } why ? $": {why}" : ""),
        ApprovalState.Open or ApprovalState.Approved or ApprovalState.Used or ApprovalState.Expired =>
            approval.AnsweredBy is { } by ? $"Decided by {by}" : "Nobody decided in time",
        var state => throw new NotSupportedException($"ApprovalState {state} has no case here."),
    };

    /// <inheritdoc/>
    public async ValueTask<Notification> WithLinkAsync(
        Notification notification, string channel, string linkBase, CancellationToken cancellationToken)
    {
        var token = await links.MakeAsync(
            new ApprovalLink(notification.Subject, channel, notification.ExpiresMs), cancellationToken);
        return notification with { Link = $"{linkBase}{ApprovalLinks.Path}{token}" };
    }

    /// <inheritdoc/>
    public ValueTask RecordAsync(Notification notification, string channel, bool isDelivered, long nowMs) =>
        record.DeliveredAsync(notification, channel, isDelivered, nowMs);

    // An escalation has its own id, so that a channel that was already notified is notified again.
    private static string EscalationId(string approval) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Escalated} {approval}")))[..approval.Length];

    private static Notification Of(Approval approval) => new()
    {
        Id = approval.Id,
        Type = Asked,
        Grant = approval.Grant,
        Server = approval.Server,
        Tool = approval.Tool,
        Rule = approval.Rule,
        Reason = approval.Reason,
        AtMs = approval.AskedMs,
        ExpiresMs = approval.ExpiresMs,
    };
}
