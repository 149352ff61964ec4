using Gateway.Admin;
using Gateway.Audit.Directories;
using Gateway.Cluster.Certificates;
using Gateway.Cluster.Clocks;
using Gateway.Cluster.Control;
using Gateway.Cluster.Dashboard;
using Gateway.Cluster.Health;
using Gateway.Cluster.Settings;
using Gateway.Cluster.Stores;
using Gateway.Cluster.Telemetry;
using Gateway.Control.Health;
using Gateway.Control.Updating;
using Gateway.Hosting.Composition;
using Gateway.Hosting.Options;
using Gateway.Hosting.Telemetry;
using Gateway.Limits.Model;
using Gateway.Orleans;
using Gateway.Proxy.Edge.Listeners;
using Gateway.Proxy.Telemetry;
using Gateway.Storage.Local.Files;
using Gateway.Storage.Postgres.Connections;

namespace Gateway.Cluster.Hosting;

/// <summary>One process of a fleet: a frontend, a silo, or both.</summary>
internal sealed partial class ClusterHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ClusterStore _store;

    private ClusterHost(WebApplication app, ClusterStore store) => (_app, _store) = (app, store);

    /// <summary>The listening addresses, with the actual ports.</summary>
    public IReadOnlyList<string> Addresses => _app.Addresses();

    /// <summary>The address of the rate limit service; null if it does not run.</summary>
    public string? ServiceAddress => _app.ServiceAddress();

    /// <summary>The address at which services charge budgets; null if they cannot.</summary>
    public string? AcquireAddress => _app.AcquireAddress();

    /// <summary>
    /// Returns the address at this process for creating the first operator, if this start created the administrator's
    /// key.
    /// </summary>
    public Uri? NewFirstRun() =>
        _app.Services.GetService<ControlOpening>() is { HasNewKey: true } && _app.Services.OfferFirstRun() is { } below
            ? new Uri(new Uri(Addresses[^1]), below)
            : null;

    /// <summary>True if this silo stopped because of its clock and must wait until the clock is right.</summary>
    public bool HasLeft => _app.Services.GetService<ClockWatch>() is { HasLeft: true };

    /// <summary>Opens the store, joins the fleet, and listens.</summary>
    /// <exception cref="SettingsException">The settings cannot work; the message describes what to change.</exception>
    /// <exception cref="InvalidOperationException">
    /// The configuration is not valid; the message lists the problems.
    /// </exception>
    /// <exception cref="PostgresStoreException">The store cannot be reached.</exception>
    /// <exception cref="ClockException">A silo's clock stayed wrong.</exception>
    /// <exception cref="IOException">The data directory or an address is not available.</exception>
    public static async Task<ClusterHost> StartAsync(ClusterSettings settings, CancellationToken cancellationToken)
    {
        var certificates = ClusterCertificates.Open(settings, TimeProvider.System);
        if (settings.HasFrontend) DataDirectory.RequireWritable(settings.DataDirectory, "audit");
        var (clock, store, listener) = await OpenStoreAsync(settings, cancellationToken);
        WebApplication? app = null;
        try
        {
            // The startup listener stays open: a frontend waits for the first silo next, and a silo for its place in
            // the fleet.
            await using var startup = listener;
            var built = app = Build(settings, clock, store, certificates, startup);
            await startup.OpenAsync(stop => OpenAsync(built, settings, stop), static _ => false, cancellationToken);
            var host = new ClusterHost(built, store);
            var log = built.Services.GetRequiredService<ILogger<ClusterHost>>();
            if (settings.HasFrontend) StartLog.Write(log, settings, store.Place, host.Addresses);
            if (settings.IsInsecureAllowed) LogInsecure(log);
            return host;
        }
        catch
        {
            if (app is not null) await app.DisposeAsync();
            await store.DisposeAsync();
            throw;
        }
    }

    /// <summary>Reads the configuration file again even if it is unchanged; an invalid file changes nothing.</summary>
    public Task ReloadAsync(CancellationToken cancellationToken) =>
        _app.Services.GetService<ConfigFileWatcher>()?.ReloadAsync(cancellationToken) ?? Task.CompletedTask;

    /// <summary>Returns when the process was requested to stop.</summary>
    public Task WaitForShutdownAsync(CancellationToken cancellationToken) =>
        _app.WaitForShutdownAsync(cancellationToken);

    /// <summary>Lets open calls finish and counters return unissued numbers, and closes the store last.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _store.DisposeAsync();
    }

    /// <summary>
    /// Opens the store, with a clock that was right at the start (one that was not never goes back), and the listener
    /// that serves until the process is ready.
    /// </summary>
    private static async Task<(ProcessClock Clock, ClusterStore Store, StartupListener Listener)> OpenStoreAsync(
        ClusterSettings settings, CancellationToken cancellationToken)
    {
        while (true)
        {
            // A silo stores nothing on its own disk: it compares its clock with those of the store and the other silos.
            var stored = settings.HasFrontend ? TrustedTimeFile.Read(settings.DataDirectory) : default;
            var clock = new ProcessClock(TimeProvider.System, stored: stored);
            var listener = new StartupListener(settings, clock.Timers).Begin();
            ClusterStore? store = null;
            var isReady = false;
            try
            {
                store = await listener.OpenAsync(
                    stop => ClusterStore.OpenAsync(settings, clock, stop),
                    e => ClusterRun.IsStoreAway(settings, e), cancellationToken);
                isReady = !await WaitingRoom.WaitsAsync(
                    settings, store, listener, clock.Timers, cancellationToken);
                if (isReady) return (clock, store, listener);
            }
            finally
            {
                if (!isReady)
                {
                    await listener.DisposeAsync();
                    if (store is not null) await store.DisposeAsync();
                }
            }
        }
    }

    private static async Task<bool> OpenAsync(
        WebApplication app, ClusterSettings settings, CancellationToken cancellationToken)
    {
        var opening = app.Services.GetService<ControlOpening>();
        if (opening is not null) await opening.PrepareAsync(cancellationToken);
        Map(app, settings);
        await app.StartListeningAsync(cancellationToken);
        return true;
    }

    private static WebApplication Build(
        ClusterSettings settings, ProcessClock clock, ClusterStore store, ClusterCertificates? certificates,
        StartupListener startup)
    {
        var builder = HostBuilding.Create(settings, out var gateway);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(clock);
        builder.Services.AddSingleton(store);
        if (settings.HasSilo) builder.UseOrleans(silo => SiloSetUp.Configure(silo, settings, store, certificates));
        else
        {
            builder.UseOrleansClient(client =>
                ClientSetUp.Configure(client, settings, store, certificates, clock.Timers));
        }

        AddCertificates(builder, certificates);
        builder.Services.AddSingleton<ClusterHealth>();
        builder.Services.AddSingleton<IEngineHealth>(services => services.GetRequiredService<ClusterHealth>());
        builder.Services.AddHostedService<ClusterProbe>();
        builder.Services.AddSingleton(_ => SiloMetrics.Collect(settings.Name));
        if (settings.Role == ClusterRole.Silo) builder.Services.AddHostedService<HandOver>();
        if (settings.HasFrontend) AddFrontend(builder.Services, gateway, store);
        else AddSilo(builder.Services);
        if (settings.HasSilo) AddSiloWatch(builder.Services);
        // Registered last, so that it starts directly before the server, which takes over the addresses.
        builder.Services.AddSingleton<IHostedService>(startup);
        return builder.Build();
    }

    private static void AddCertificates(WebApplicationBuilder builder, ClusterCertificates? certificates)
    {
        // The package logs each failed handshake with a stack trace; RefusedPeers logs the same in bounded lines.
        builder.Logging.AddFilter("Orleans.Connections.Security", LogLevel.Error);
        if (certificates is null) return;
        builder.Services.AddSingleton(certificates);
        builder.Services.AddHostedService<CertificateWatch>();
    }

    /// <summary>
    /// Adds the frontend's services, which start after those that join the fleet, because they were added later.
    /// </summary>
    private static void AddFrontend(IServiceCollection services, GatewayOptions gateway, ClusterStore store)
    {
        if (store.Controls is { } controls) services.AddSingleton(controls);
        else services.AddGrainControlStore();
        services.AddSingleton<ControlOpening>();
        services.AddHostedService(static provider => provider.GetRequiredService<ControlOpening>());
        services.AddGateway(gateway);
        services.AddHostedService<UnrecordedChanges>();
    }

    /// <summary>Adds the services of a silo without a frontend.</summary>
    private static void AddSilo(IServiceCollection services)
    {
        services.AddSingleton<AdminListener>();
        services.AddMetrics();
        services.AddSingleton<EngineMetrics>();
        services.AddSingleton<SiloMetrics>();
    }

    /// <summary>Adds the services of any silo, with or without a frontend.</summary>
    private static void AddSiloWatch(IServiceCollection services)
    {
        services.AddSingleton<ClockWatch>();
        services.AddHostedService(static provider => provider.GetRequiredService<ClockWatch>());
        services.AddHostedService<SiloEvents>();
    }

    [LoggerMessage(1, LogLevel.Warning,
        "--insecure-cluster: connections between frontends and silos are neither encrypted nor authenticated. Anyone "
        + "who reaches the ports of a silo can read all control documents, create grants and use up limits. Use "
        + "--cluster-cert, --cluster-key and --cluster-ca instead.")]
    private static partial void LogInsecure(ILogger log);

    private static void Map(WebApplication app, ClusterSettings settings)
    {
        if (settings is { HasFrontend: true, HasDashboard: true }) OrleansDashboard.Map(app);
        if (settings.HasFrontend) app.MapGateway();
        else SiloRoutes.Map(app);
        app.MapMetrics();
    }
}

/// <summary>
/// Hands over a silo's counters before it leaves the cluster: callers are informed at once, and all unissued numbers
/// are returned while the store can still be reached.
/// </summary>
internal sealed class HandOver(SiloCounters counters, TimeProvider time) : IHostedService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken) =>
        await counters.LeaveAsync().WaitAsync(Patience, time, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
