using System.CommandLine;
using Gateway.Admin;
using Gateway.Control.Notifications.Channels;
using Gateway.Control.Notifications.Outbox;
using Gateway.Hosting.Extensions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Channels;

/// <summary>Notification channels: webhooks, Slack, Teams and mail, with the buttons of a Slack app.</summary>
public sealed class ChannelsExtension : GatewayExtension
{
    /// <inheritdoc/>
    public override ExtensionSetup Read(ParseResult parsed) => new Setup();

    private sealed class Setup : ExtensionSetup
    {
        public override void AddServices(IServiceCollection services)
        {
            services.AddSingleton<ChannelSender>();
            services.AddSingleton<IChannelSender>(static provider => provider.GetRequiredService<ChannelSender>());
            services.AddSingleton<SlackButtons>();
            services.AddSingleton(static provider => new UnkeyedRoute("POST", SlackApp.PathOf("{name}"), http =>
                provider.GetRequiredService<SlackButtons>().AnswerAsync(http, (string)http.GetRouteValue("name")!)));
        }
    }
}
