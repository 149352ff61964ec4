using Gateway.Control.Documents;

namespace Gateway.Control.Notifications.Messages;

/// <summary>The notifications of all sources.</summary>
public sealed class NotificationSources(IEnumerable<INotificationSource> sources, IToolKinds kinds)
{
    /// <summary>Returns the notifications that are open now, the oldest first, without arguments.</summary>
    public IEnumerable<Notification> Open(ControlSnapshot documents, long nowMs) =>
        sources.SelectMany(source => source.Open(documents, nowMs)).OrderBy(static notification => notification.AtMs);

    /// <summary>Returns the notifications with the kinds of the tools.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async ValueTask<List<Notification>> WithKindsAsync(
        IReadOnlyList<Notification> open, ControlSnapshot documents, CancellationToken cancellationToken)
    {
        var known = new List<Notification>(open.Count);
        foreach (var notification in open)
        {
            var kind = await kinds.OfAsync(documents, notification.Server, notification.Tool, cancellationToken);
            known.Add(notification with { Kind = kind });
        }

        return known;
    }

    /// <summary>Returns the outcome of a notification that was sent; null if no source knows it.</summary>
    public Notification? Ended(string id, ControlSnapshot documents, long nowMs) =>
        sources.Select(source => source.Ended(id, documents, nowMs))
            .FirstOrDefault(static notification => notification is not null);

    /// <summary>Returns the source of the notification.</summary>
    public INotificationSource Of(Notification notification) =>
        sources.First(source => source.Handles(notification.Type));
}

/// <summary>The kinds of tools, for channels that only receive notifications about some kinds.</summary>
public interface IToolKinds
{
    /// <summary>Returns the category and the risk of a tool, such as <c>Financial</c> and <c>Critical</c>.</summary>
    /// <param name="documents">The documents of the store.</param>
    /// <param name="server">The tool's server; empty for an event that is about no server.</param>
    /// <param name="tool">The tool's name on that server; empty for none.</param>
    /// <param name="cancellationToken">Stops waiting for the store.</param>
    /// <returns>Null if nothing is known of the tool: then every channel is notified.</returns>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    ValueTask<(string Category, string Risk)?> OfAsync(
        ControlSnapshot documents, string server, string tool, CancellationToken cancellationToken);
}
