using Gateway.Audit.Records;
using Gateway.Audit.Writing;
using Gateway.Control.Documents;
using Gateway.Control.Notifications.Messages;

namespace Gateway.Control.Notifications.Events;

/// <summary>The source of notifications about events that are not over.</summary>
public sealed class EventNotices(AuditLog audit) : INotificationSource
{
    /// <inheritdoc/>
    public bool Handles(string type) => !type.StartsWith("approval.", StringComparison.Ordinal);

    /// <inheritdoc/>
    public IEnumerable<Notification> Open(ControlSnapshot documents, long nowMs) =>
        RaisedEventStore.All(documents).Where(one => nowMs < one.Event.ExpiresMs)
            .Select(static one => Of(one.Id, one.Event));

    /// <inheritdoc/>
    public Notification WithArguments(Notification notification, ControlSnapshot documents) => notification;

    /// <inheritdoc/>
    public ValueTask RecordAsync(Notification notification, string channel, bool isDelivered, long nowMs) =>
        audit.PostAsync(AuditEncoder.Event(Record(notification, isDelivered ? "told" : "untold", channel), nowMs));

    /// <summary>Returns the notification of an event.</summary>
    public static Notification Of(string id, RaisedEvent raised) => new()
    {
        Id = id,
        Type = raised.Type,
        Grant = raised.Grant,
        Server = raised.Server,
        Tool = raised.Tool,
        Rule = raised.Rule,
        Reason = raised.Reason,
        AtMs = raised.AtMs,
        ExpiresMs = raised.ExpiresMs,
        NextStep = raised.NextStep,
        Facts = raised.Facts,
    };

    internal static EventRecord Record(Notification notification, string became, string? channel = null) => new()
    {
        Id = notification.Id,
        Type = notification.Type,
        Became = became,
        Grant = notification.Grant,
        Server = notification.Server,
        Tool = notification.Tool,
        Rule = notification.Rule,
        Reason = notification.Reason,
        Facts = notification.Facts ?? new Dictionary<string, string>(),
        Channel = channel,
    };
}
