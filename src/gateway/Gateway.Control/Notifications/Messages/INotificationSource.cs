using Gateway.Control.Documents;

namespace Gateway.Control.Notifications.Messages;

/// <summary>
/// Where notifications come from. They are worked out from what is in the store, never written beside it: whatever
/// process ends at whatever moment, what waits for a person is still told.
/// </summary>
public interface INotificationSource
{
    /// <summary>Whether notifications of this type come from here.</summary>
    bool Tells(string type);

    /// <summary>What people are to be told as of now, the oldest first, without arguments.</summary>
    /// <param name="documents">The store's.</param>
    /// <param name="nowMs">Unix milliseconds.</param>
    IEnumerable<Notification> Open(ControlSnapshot documents, long nowMs);

    /// <summary>The notification with the arguments of its call.</summary>
    Notification WithArguments(Notification notification, ControlSnapshot documents);

    /// <summary>What became of something that nobody is told of any more; null where it is not from here.</summary>
    /// <param name="id">The notification's id.</param>
    /// <param name="documents">The store's.</param>
    /// <param name="nowMs">Unix milliseconds.</param>
    Notification? Ended(string id, ControlSnapshot documents, long nowMs) => null;

    /// <summary>The notification with a link of this channel's; itself where there is no page of it.</summary>
    /// <param name="notification">What is told.</param>
    /// <param name="channel">Whom.</param>
    /// <param name="linkBase">The operator's address, without a slash at its end.</param>
    /// <param name="cancellationToken">Stops waiting for the store.</param>
    /// <exception cref="ControlStoreException">The key that links are sealed with cannot be stored.</exception>
    ValueTask<Notification> WithLinkAsync(
        Notification notification, string channel, string linkBase, CancellationToken cancellationToken) =>
        new(notification);

    /// <summary>Records that a channel has it, or that nobody tries any more.</summary>
    /// <param name="notification">What was told.</param>
    /// <param name="channel">The channel's name.</param>
    /// <param name="isTold">Whether the channel has it.</param>
    /// <param name="nowMs">Unix milliseconds.</param>
    ValueTask RecordAsync(Notification notification, string channel, bool isTold, long nowMs);
}
