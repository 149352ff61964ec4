using Gateway.Control.Documents;

namespace Gateway.Notifications.Messages;

/// <summary>All that people are to be told, from wherever it comes.</summary>
public sealed class NotificationSources(IEnumerable<INotificationSource> sources)
{
    /// <summary>What people are to be told as of now, the oldest first, without arguments.</summary>
    public IEnumerable<Notification> Open(ControlSnapshot documents, long nowMs) =>
        sources.SelectMany(source => source.Open(documents, nowMs)).OrderBy(static told => told.AtMs);

    /// <summary>Who tells this.</summary>
    public INotificationSource Of(Notification notification) =>
        sources.First(source => source.Tells(notification.Type));
}
