using Gateway.Control.Documents;
using Gateway.Control.Notifications.Channels;
using Gateway.Control.Notifications.Messages;

namespace Gateway.Control.Notifications.Outbox;

/// <summary>A client of the services behind channels, which an extension brings.</summary>
public interface IChannelSender
{
    /// <summary>
    /// Returns the reason why a channel cannot have this address, with what to write instead; null if it can.
    /// </summary>
    /// <param name="kind">The kind of the channel.</param>
    /// <param name="address">The URL as it was written.</param>
    /// <param name="allowsPrivate">True if the channel may be in a private network.</param>
    string? AddressProblem(ChannelKind kind, string address, bool allowsPrivate);

    /// <summary>Sends a message once.</summary>
    /// <param name="channel">The receiver.</param>
    /// <param name="notification">The message; with arguments only if the channel may receive them.</param>
    /// <param name="documents">The store's documents, with the keys.</param>
    /// <param name="cancellationToken">Ends the try.</param>
    Task<DeliveryResult> SendAsync(
        Channel channel, Notification notification, ControlSnapshot documents, CancellationToken cancellationToken);

    /// <summary>Replaces a sent message with its outcome.</summary>
    /// <param name="channel">The receiver.</param>
    /// <param name="receipt">The receipt of the sent message.</param>
    /// <param name="ended">The message with its outcome.</param>
    /// <param name="documents">The store's documents, with the keys.</param>
    /// <param name="cancellationToken">Ends the try.</param>
    Task<DeliveryResult> ChangeAsync(
        Channel channel, string receipt, Notification ended, ControlSnapshot documents,
        CancellationToken cancellationToken);
}

/// <summary>The sender of a program without channels: it accepts no new one, and deliveries to old ones fail.</summary>
internal sealed class NoChannelSender : IChannelSender
{
    private static readonly Task<DeliveryResult> Missing =
        Task.FromResult(new DeliveryResult("this program is built without notification channels"));

    public string AddressProblem(ChannelKind kind, string address, bool allowsPrivate) =>
        "This program is built without notification channels; install a program that has them.";

    public Task<DeliveryResult> SendAsync(
        Channel channel, Notification notification, ControlSnapshot documents, CancellationToken cancellationToken) =>
        Missing;

    public Task<DeliveryResult> ChangeAsync(
        Channel channel, string receipt, Notification ended, ControlSnapshot documents,
        CancellationToken cancellationToken) => Missing;
}
