using Gateway.Hosting.Logs;
using Gateway.Hosting.Options;
using Gateway.Proxy.Edge.Listeners;
using Gateway.Proxy.Endpoint;
using Microsoft.Extensions.Hosting.Systemd;

namespace Gateway.Hosting.Composition;

/// <summary>The setup that every process of a gateway needs before it has services of its own.</summary>
public static class HostBuilding
{
    /// <summary>Creates a host with logging, bounds at its edge, and the configured listeners.</summary>
    /// <param name="settings">The settings of the process.</param>
    /// <param name="gateway">The settings of the gateway itself.</param>
    public static WebApplicationBuilder Create(HostSettings settings, out GatewayOptions gateway)
    {
        var builder = CreateListening(settings, out gateway);
        foreach (var extension in settings.Extensions)
        {
            builder.Services.AddSingleton(extension);
            extension.AddServices(builder.Services);
        }

        builder.Services.Configure<HostOptions>(
            static host => host.BackgroundServiceExceptionBehavior = BackgroundServiceExceptionBehavior.Ignore);
        builder.Services.AddHostedService<FailedServices>();
        builder.Services.AddSingleton<ISystemdNotifier, SystemdNotifier>();
        builder.Services.AddHostedService<SystemdNotice>();
        return builder;
    }

    /// <summary>Creates a host without any service, which only listens.</summary>
    internal static WebApplicationBuilder CreateListening(HostSettings settings, out GatewayOptions gateway)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.InlineIo)
            InlineIo.TurnOn();
        // Otherwise the host watches the whole working directory for a change of its own settings file, and thus every
        // write of the journal and the audit log there: a tenth of a call's CPU time, and none of our settings is in
        // that file.
        var builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions { Args = ["--hostBuilder:reloadConfigOnChange=false"] });
        gateway = settings.ToGateway();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.ReadsFramingStrictly();
            EdgeLimits.Apply(kestrel.Limits);
        });
        if (settings.InlineIo)
            builder.WebHost.UseSockets(sockets => sockets.UnsafePreferInlineScheduling = true);
        // ASPNETCORE_FORWARDEDHEADERS_ENABLED would trust X-Forwarded-For of every client.
        builder.WebHost.UseSetting("ForwardedHeaders_Enabled", "false");
        GatewayLogging.Configure(builder.Logging, settings.Logs, builder.Configuration);
        builder.AddListeners(settings.Listeners);
        return builder;
    }
}
