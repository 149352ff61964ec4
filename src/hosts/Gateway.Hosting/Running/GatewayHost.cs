using Gateway.Admin;
using Gateway.Audit.Directories;
using Gateway.Control.Documents;
using Gateway.Control.Health;
using Gateway.Control.Snapshots;
using Gateway.Control.Storage;
using Gateway.Control.Updating;
using Gateway.Hosting.Composition;
using Gateway.Hosting.Migrations;
using Gateway.Hosting.Telemetry;
using Gateway.Limits.Model;
using Gateway.Proxy.Edge.Listeners;

namespace Gateway.Hosting.Running;

/// <summary>
/// A gateway in this process: over its own journal, or in a fleet over a shared store.
/// </summary>
public sealed partial class GatewayHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly IStorageBackend _backend;

    private GatewayHost(WebApplication app, IStorageBackend backend) => (_app, _backend) = (app, backend);

    /// <summary>The addresses at which it listens, with the assigned ports.</summary>
    public IReadOnlyList<string> Addresses => _app.Addresses();

    /// <summary>The address of the rate limit service; null if it is off.</summary>
    public string? ServiceAddress => _app.ServiceAddress();

    /// <summary>The address at which services charge budgets; null if there is none.</summary>
    public string? AcquireAddress => _app.AcquireAddress();

    /// <summary>The address of the registry for clients; null if there is none.</summary>
    public string? RegistryAddress => _app.RegistryAddress();

    /// <summary>The current snapshot.</summary>
    public SnapshotHolder Snapshots => _app.Services.GetRequiredService<SnapshotHolder>();

    /// <summary>The services of the host.</summary>
    internal IServiceProvider Services => _app.Services;

    /// <summary>The administrator's key, if this start created one: to be shown once.</summary>
    public string? NewAdminKey { get; private init; }

    /// <summary>The notice for an operator if no listener serves the admin API; null if one does.</summary>
    public string? AdminNotice => _app.Services.GetRequiredService<AdminListener>().Notice;

    /// <summary>
    /// Returns the page for the first operator, if this start created the administrator's key: to be shown once.
    /// </summary>
    public Uri? NewFirstRun() =>
        NewAdminKey is not null && AdminNotice is null && _app.Services.OfferFirstRun() is { } below
            ? new Uri(new Uri(Addresses[^1]), below)
            : null;

    /// <summary>Opens the engine, the control documents and the audit log, and listens.</summary>
    /// <exception cref="IOException">
    /// The data directory or an address cannot be used; the message says which and why.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// The configuration is invalid; the message lists the problems.
    /// </exception>
    /// <exception cref="ControlStoreException">The control documents cannot be reached or read.</exception>
    /// <exception cref="OperationCanceledException">It was asked to stop while it waited for its store.</exception>
    public static async Task<GatewayHost> StartAsync(GatewayHostOptions options, CancellationToken cancellationToken)
    {
        if (options.Store is null && !FolderMark.IsIncoming(options.DataDirectory))
            return await OpenAsync(options, null, cancellationToken);
        if (options.Store is not null)
            DataDirectory.RequireWritable(options.DataDirectory, "audit");
        await using var startup = new StartupListener(options, options.Time).Begin();
        return await startup.OpenAsync(
            stop => OpenAsync(options, startup, stop), StartFault.IsStoreAway, cancellationToken);
    }

    /// <summary>Starts over a backend that the caller opened, which is closed with the rest.</summary>
    internal static async Task<GatewayHost> StartAsync(
        GatewayHostOptions options, IStorageBackend backend, ILimiter limiter, CancellationToken cancellationToken,
        StartupListener? startup = null)
    {
        WebApplication? app = null;
        string? newAdminKey = null;
        try
        {
            app = Build(options, backend, limiter);
            if (backend.Notice is { } notice)
                LogNotice(app.Services.GetRequiredService<ILogger<GatewayHost>>(), notice);
            newAdminKey = await OpenControlAsync(app, options, cancellationToken);
            var host = new GatewayHost(app, backend) { NewAdminKey = newAdminKey };
            app.MapGateway();
            app.MapMetrics();
            if (startup is not null)
                await startup.StartAsync(cancellationToken);
            // Otherwise the start that a signal ends would be tried again.
            await using (app.Lifetime.ApplicationStopping.Register(() => startup?.Stop()))
                await app.StartListeningAsync(cancellationToken);
            if (newAdminKey is not null)
                options.ShowAdminKey?.Invoke(newAdminKey);
            StartLog.Write(
                app.Services.GetRequiredService<ILogger<GatewayHost>>(), options, backend.Place, host.Addresses);
            return host;
        }
        catch
        {
            if (app is not null)
            {
                if (newAdminKey is not null)
                    await ForgetKeyAsync(app, newAdminKey, options);
                await app.DisposeAsync();
            }

            await backend.DisposeAsync();
            throw;
        }
    }

    /// <summary>Reads the configuration file again, changed or not.</summary>
    /// <returns>False if it is invalid; the problems are in the log and the last valid one stays in effect.</returns>
    public Task<bool> ReloadAsync(CancellationToken cancellationToken) =>
        _app.Services.GetRequiredService<ConfigFileWatcher>().ReloadAsync(cancellationToken);

    /// <summary>Returns when the process was asked to stop and open calls have finished.</summary>
    public Task WaitForShutdownAsync(CancellationToken cancellationToken) =>
        _app.WaitForShutdownAsync(cancellationToken);

    /// <summary>Stops listening, lets open calls finish within the drain time, and closes the engine.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _backend.DisposeAsync();
    }

    private static async Task<GatewayHost> OpenAsync(
        GatewayHostOptions options, StartupListener? startup, CancellationToken cancellationToken)
    {
        var backend = options.Store is null ? await OpenLocalAsync(options, cancellationToken)
            : await StorageBackends.OpenAsync(options, cancellationToken);
        // The result of a reading before a long wait may be outdated.
        var current = startup is { HasListened: true } ? options with { Config = null } : options;
        return await StartAsync(current, backend, backend, cancellationToken, startup);
    }

    /// <summary>
    /// Removes a key that was never shown, of which only the hash is kept, so that the next start creates another. If
    /// it cannot be removed, it is shown although the start failed.
    /// </summary>
    private static async Task ForgetKeyAsync(WebApplication app, string key, GatewayHostOptions options)
    {
        try
        {
            await AdminKeys.ForgetAsync(app.Services.GetRequiredService<IControlStore>(), key, CancellationToken.None);
        }
        catch (ControlStoreException)
        {
            options.ShowAdminKey?.Invoke(key);
        }
    }

    /// <summary>
    /// Opens the local parts. With a shared store, reservations and control documents are in the store.
    /// </summary>
    private static async Task<IStorageBackend> OpenLocalAsync(
        GatewayHostOptions options, CancellationToken cancellationToken)
    {
        FolderMark.RequireUsable(options.DataDirectory);
        DataDirectory.RequireWritable(options.DataDirectory, "control", "control-archive", "limits", "audit");
        var backend = await StorageBackends.OpenAsync(options, cancellationToken);
        try
        {
            // The journal is locked now, so no migration can begin any more.
            FolderMark.NoteStart(options.DataDirectory);
            return backend;
        }
        catch
        {
            await backend.DisposeAsync();
            throw;
        }
    }

    private static async Task<string?> OpenControlAsync(
        WebApplication app, GatewayHostOptions options, CancellationToken cancellationToken)
    {
        if (options.Snapshot is null)
        {
            return await app.Services.GetRequiredService<ConfigFileWatcher>()
                .OpenAsync(cancellationToken, options.Config);
        }

        app.Services.GetRequiredService<SnapshotHolder>().Replace(options.Snapshot);
        return null;
    }

    private static WebApplication Build(GatewayHostOptions options, IStorageBackend backend, ILimiter limiter)
    {
        var builder = HostBuilding.Create(options, out var gateway);
        if (options.DrainTime is { } drainTime)
            builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = drainTime);
        builder.Services.AddSingleton(options.Time);
        builder.Services.AddSingleton(backend.Clock);
        builder.Services.AddSingleton(limiter);
        builder.Services.AddSingleton<IEngineHealth>(backend);
        if (backend.Controls is { } controls)
            builder.Services.AddSingleton(controls);
        builder.Services.AddGateway(gateway);
        builder.Services.AddSingleton(static _ => new GatewayTelemetry());
        return builder.Build();
    }

    [LoggerMessage(1, LogLevel.Warning, "{Notice}")]
    private static partial void LogNotice(ILogger logger, string notice);
}
