using Gateway.Audit.Records;
using Gateway.Audit.Writing;
using Gateway.Control.Documents;
using Gateway.Control.Notifications.Messages;

namespace Gateway.Control.Notifications.Events;

/// <summary>The source of notifications about events that are not over.</summary>
public sealed class EventNotices(AuditLog audit) : INotificationSource
{
    /// <inheritdoc/>
    public bool Tells(string type) => !type.StartsWith("approval.", StringComparison.Ordinal);

    /// <inheritdoc/>
    public IEnumerable<Notification> Open(ControlSnapshot documents, long nowMs) =>
        RaisedEventStore.All(documents).Where(one => nowMs < one.Event.ExpiresMs)
            .Select(static one => Of(one.Id, one.Event));

    /// <inheritdoc/>
    public Notification WithArguments(Notification notification, ControlSnapshot documents) => notification;

    /// <inheritdoc/>
    public ValueTask RecordAsync(Notification notification, string channel, bool isTold, long nowMs) =>
        audit.PostAsync(AuditEncoder.Event(Record(notification, isTold ? "told" : "untold", channel), nowMs));

    internal static Notification Of(string id, RaisedEvent raised) => new()
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

    internal static EventRecord Record(Notification told, string became, string? channel = null) => new()
    {
        Id = told.Id,
        Type = told.Type,
        Became = became,
        Grant = told.Grant,
        Server = told.Server,
        Tool = told.Tool,
        Rule = told.Rule,
        Reason = told.Reason,
        Facts = told.Facts ?? new Dictionary<string, string>(),
        Channel = channel,
    };
}
