using Gateway.Approvals.Requests;
using Gateway.Control.Documents;
using Gateway.Notifications.Messages;

namespace Gateway.Approvals.Telling;

/// <summary>The requests that nobody has answered yet, as channels are told of them.</summary>
public sealed class ApprovalNotices(ApprovalRepository book, ApprovalRecord record) : INotificationSource
{
    private const string Asked = "approval.asked";

    /// <inheritdoc/>
    public bool Tells(string type) => type == Asked;

    /// <inheritdoc/>
    public IEnumerable<Notification> Open(ControlSnapshot documents, long nowMs) =>
        ApprovalRepository.All(documents)
            .Where(entry => entry.Approval.StateAt(nowMs) == ApprovalState.Open)
            .Select(static entry => Of(entry.Approval));

    /// <inheritdoc/>
    public Notification WithArguments(Notification notification, ControlSnapshot documents) =>
        ApprovalRepository.All(documents).FirstOrDefault(entry => entry.Approval.Id == notification.Id) is { } entry
            ? notification with { Arguments = book.Opened(entry.Approval, documents).Arguments }
            : notification;

    /// <inheritdoc/>
    public ValueTask RecordAsync(Notification notification, string channel, bool isTold, long nowMs) =>
        record.ToldAsync(notification, channel, isTold, nowMs);

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
