using Gateway.Control.Notifications.Channels;
using Gateway.Control.Notifications.Events;
using Gateway.Control.Notifications.Messages;
using Gateway.Control.Notifications.Outbox;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Gateway.Control.Notifications;

/// <summary>Adds channels and their outbox to a host.</summary>
public static class NotificationServices
{
    /// <summary>Registers them; each source of notifications registers an <c>INotificationSource</c>.</summary>
    public static void AddNotifications(this IServiceCollection services)
    {
        services.AddSingleton<ChannelStore>();
        services.TryAddSingleton<IChannelSender, NoChannelSender>();
        services.AddSingleton<DeliveryStore>();
        services.AddSingleton<DeliveryTries>();
        services.AddSingleton<NotificationSources>();
        services.AddHostedService<NotificationSender>();
        services.AddSingleton<RaisedEventStore>();
        services.AddSingleton<INotificationSource, EventNotices>();
        services.AddSingleton<EventRaiser>();
        services.AddHostedService(static provider => provider.GetRequiredService<EventRaiser>());
    }
}
