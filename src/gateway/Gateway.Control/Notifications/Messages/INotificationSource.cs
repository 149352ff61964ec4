using Gateway.Control.Documents;

namespace Gateway.Control.Notifications.Messages;

/// <summary>
/// A source of notifications. Notifications are derived from the content of the store, never written beside it:
/// whenever a process ends, pending work is still reported.
/// </summary>
public interface INotificationSource
{
    /// <summary>Returns true if notifications of this type come from this source.</summary>
    bool Handles(string type);

    /// <summary>Returns the notifications that are open now, the oldest first, without arguments.</summary>
    /// <param name="documents">The documents of the store.</param>
    /// <param name="nowMs">The current time in Unix milliseconds.</param>
    IEnumerable<Notification> Open(ControlSnapshot documents, long nowMs);

    /// <summary>Returns the notification with the arguments of its call.</summary>
    Notification WithArguments(Notification notification, ControlSnapshot documents);

    /// <summary>
    /// Returns the outcome of a notification that is no longer open; null if it is not from this source.
    /// </summary>
    /// <param name="id">The notification's id.</param>
    /// <param name="documents">The documents of the store.</param>
    /// <param name="nowMs">The current time in Unix milliseconds.</param>
    Notification? Ended(string id, ControlSnapshot documents, long nowMs) => null;

    /// <summary>Returns the notification with a link for this channel, or unchanged if it has no page.</summary>
    /// <param name="notification">The notification.</param>
    /// <param name="channel">The receiving channel.</param>
    /// <param name="linkBase">The operator's address, without a slash at its end.</param>
    /// <param name="cancellationToken">Stops waiting for the store.</param>
    /// <exception cref="ControlStoreException">The key that seals links cannot be stored.</exception>
    ValueTask<Notification> WithLinkAsync(
        Notification notification, string channel, string linkBase, CancellationToken cancellationToken) =>
        new(notification);

    /// <summary>Records that a channel received the notification, or that sending was given up.</summary>
    /// <param name="notification">The notification.</param>
    /// <param name="channel">The channel's name.</param>
    /// <param name="isDelivered">True if the channel received it.</param>
    /// <param name="nowMs">The current time in Unix milliseconds.</param>
    ValueTask RecordAsync(Notification notification, string channel, bool isDelivered, long nowMs);
}
