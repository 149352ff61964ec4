using System.Net.Sockets;
using Gateway.Proxy.Edge.Listeners;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Hosting.Composition;

/// <summary>Makes a host listen at the configured addresses, with TLS or without.</summary>
public static class ListenServices
{
    /// <summary>Adds the addresses; call it after logging was configured.</summary>
    /// <exception cref="ListenException">An address or a certificate cannot be used.</exception>
    public static void AddListeners(this WebApplicationBuilder builder, ListenSettings settings)
    {
        var plan = ListenPlan.Of(settings, builder.Configuration);
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton(plan);
        builder.Services.AddHostedService<TlsWatch>();
        // Ignore the addresses that images and shells set for any web server (ASPNETCORE_HTTP_PORTS).
        builder.WebHost.UseSetting(WebHostDefaults.ServerUrlsKey, "")
            .UseSetting(WebHostDefaults.HttpPortsKey, "")
            .UseSetting(WebHostDefaults.HttpsPortsKey, "")
            .ConfigureKestrel(plan.Apply);
        // The caller reports a failed start in one line; here it would be logged with its stack trace.
        builder.Logging.AddFilter(
            "Microsoft.Extensions.Hosting.Internal.Host", level => plan.IsStarted && level >= LogLevel.Information);
    }

    /// <summary>
    /// Returns the addresses for agents and operators, with the assigned ports; the operators' address comes last.
    /// </summary>
    public static IReadOnlyList<string> Addresses(this WebApplication app)
    {
        List<string> addresses = [.. AllAddresses(app)];
        if (AcquireIndex(app) is { } acquire)
            addresses.RemoveAt(acquire);
        if (RegistryIndex(app) is { } registry)
            addresses.RemoveAt(registry);
        if (ServiceIndex(app) is { } service)
            addresses.RemoveAt(service);
        return addresses;
    }

    /// <summary>Returns the address of the rate limit service; null if there is none.</summary>
    public static string? ServiceAddress(this WebApplication app) =>
        ServiceIndex(app) is { } service ? AllAddresses(app).ElementAt(service) : null;

    /// <summary>Returns the address of the registry; null if there is none.</summary>
    public static string? RegistryAddress(this WebApplication app) =>
        RegistryIndex(app) is { } registry ? AllAddresses(app).ElementAt(registry) : null;

    /// <summary>Returns the address at which services charge budgets; null if there is none.</summary>
    public static string? AcquireAddress(this WebApplication app) =>
        AcquireIndex(app) is { } acquire ? AllAddresses(app).ElementAt(acquire) : null;

    /// <summary>Starts the host, and serves the operators' paths if it listens for them.</summary>
    /// <exception cref="ListenException">An address cannot be used; the message says which and why.</exception>
    public static async Task StartListeningAsync(this WebApplication app, CancellationToken cancellationToken)
    {
        var plan = app.Services.GetRequiredService<ListenPlan>();
        try
        {
            await app.StartAsync(cancellationToken);
            plan.IsStarted = true;
            var addresses = app.Addresses().Select(address => new Uri(address)).ToList();
            var hasOwn = app.Services.GetRequiredService<ListenSettings>().AdminListen is not null;
            app.Services.GetRequiredService<AdminListener>()
                .Open(hasOwn ? addresses.SkipLast(1) : addresses, hasOwn ? addresses[^1] : null);
        }
        catch (Exception e) when (e is SocketException or IOException or AddressInUseException)
        {
            if (plan.Explain(e) is { } explained)
                throw explained;
            throw;
        }
    }

    private static ICollection<string> AllAddresses(WebApplication app) =>
        app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses;

    private static int? AcquireIndex(WebApplication app) =>
        app.Services.GetRequiredService<ListenSettings>() is { Acquire: not null } settings
            ? settings.Listen.Count + (settings.Service is null ? 0 : 1) + (settings.Registry is null ? 0 : 1)
            : null;

    private static int? RegistryIndex(WebApplication app) =>
        app.Services.GetRequiredService<ListenSettings>() is { Registry: not null } settings
            ? settings.Listen.Count + (settings.Service is null ? 0 : 1)
            : null;

    /// <summary>
    /// Returns the index of the service's address. The server lists addresses in the order of the plan: a service's
    /// comes after those of agents.
    /// </summary>
    private static int? ServiceIndex(WebApplication app) =>
        app.Services.GetRequiredService<ListenSettings>() is { Service: not null } settings
            ? settings.Listen.Count
            : null;
}
