using Gateway.Hosting.Logs;
using Gateway.Hosting.Options;
using Gateway.Proxy.Edge.Listeners;
using Gateway.Proxy.Endpoint;
using Microsoft.Extensions.Hosting.Systemd;

namespace Gateway.Hosting.Composition;

/// <summary>What every process of a gateway does alike before it has services of its own.</summary>
public static class HostBuilding
{
    /// <summary>A host that logs, bounds its edge, and listens where it was told.</summary>
    /// <param name="settings">What the process was started with.</param>
    /// <param name="gateway">The same for the gateway itself.</param>
    public static WebApplicationBuilder Create(HostSettings settings, out GatewayOptions gateway)
    {
        var builder = CreateListening(settings, out gateway);
        foreach (var extension in settings.Extensions)
        {
            builder.Services.AddSingleton(extension);
            extension.AddServices(builder.Services);
        }

        builder.Services.AddSingleton<ISystemdNotifier, SystemdNotifier>();
        builder.Services.AddHostedService<SystemdNotice>();
        return builder;
    }

    /// <summary>The same without any service: a host that only listens.</summary>
    internal static WebApplicationBuilder CreateListening(HostSettings settings, out GatewayOptions gateway)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.InlineIo)
            InlineIo.TurnOn();
        // Else the host watches the whole working directory for a change of its own settings file, and so every write
        // of the journal and the audit log there: a tenth of a call's CPU time, and none of our settings is in it.
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
        // ASPNETCORE_FORWARDEDHEADERS_ENABLED would believe everybody's X-Forwarded-For.
        builder.WebHost.UseSetting("ForwardedHeaders_Enabled", "false");
        GatewayLogging.Configure(builder.Logging, settings.Logs, builder.Configuration);
        builder.AddListeners(settings.Listeners);
        return builder;
    }
}
