using Gateway.Cluster.Clocks;
using Gateway.Cluster.Settings;
using Gateway.Cluster.Stores;
using Gateway.Cluster.Telemetry;
using Gateway.Control.Health;
using Gateway.Hosting.Composition;
using Gateway.Hosting.Telemetry;
using Gateway.Proxy.Edge.Listeners;
using Gateway.Proxy.Telemetry;

namespace Gateway.Cluster.Hosting;

/// <summary>
/// State of a silo while its clock is wrong, before it joins and after it left: it owns nothing, responds that it is
/// alive but not ready, and exports its metrics. If the process is also a frontend, agents are told that it is not
/// ready.
/// </summary>
internal sealed class WaitingRoom(ClusterStore store, ClockReport report, TimeProvider time) : IEngineHealth
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(300);

    /// <summary>Maximum wait; after it the process exits, and its supervisor restarts it, perhaps elsewhere.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private ClockReport _report = report;

    /// <inheritdoc/>
    public string? Fault => _report.Text;

    /// <inheritdoc/>
    public bool IsClockTrusted => false;

    /// <inheritdoc/>
    public TimeSpan ClockAhead => store.ClockAhead;

    /// <summary>
    /// Returns false at once if the clock is right; otherwise waits and returns true once it is, so that the store is
    /// opened again.
    /// </summary>
    /// <exception cref="ClockException">The clock stayed wrong.</exception>
    public static async Task<bool> WaitsAsync(
        ClusterSettings settings, ClusterStore store, StartupListener listener, TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (store.Clocks is not { } clocks) return false;
        if (await clocks.CompareAsync(isMember: false, cancellationToken) is not { IsWrong: true } report)
            return false;
        await listener.StartAsync(cancellationToken); // which leaves its addresses to this
        await new WaitingRoom(store, report, time).WaitAsync(settings, clocks, cancellationToken);
        return true;
    }

    private async Task WaitAsync(ClusterSettings settings, ClockBoard clocks, CancellationToken cancellationToken)
    {
        await using var app = Build(settings);
        await app.StartListeningAsync(cancellationToken);
        await Console.Error.WriteLineAsync($"gateway-cluster cannot join the fleet yet: {_report.Text}");
        var role = settings.Role.ToString().ToLowerInvariant();
        foreach (var address in app.Addresses())
            Console.WriteLine($"{role} {settings.Name} waits on {address}");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(
            app.Lifetime.ApplicationStopping, cancellationToken);
        var began = time.GetTimestamp();
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(stop.Token))
        {
            if (await clocks.CompareAsync(isMember: false, stop.Token) is { } seen)
            {
                if (seen.IsRight) return;
                _report = seen;
            }

            if (time.GetElapsedTime(began) >= Patience) throw new ClockException(_report.Text);
        }
    }

    private WebApplication Build(ClusterSettings settings)
    {
        var builder = HostBuilding.Create(settings, out _);
        builder.Services.AddSingleton(time);
        builder.Services.AddSingleton<IEngineHealth>(this);
        builder.Services.AddSingleton(_ => SiloMetrics.Collect(settings.Name));
        builder.Services.AddSingleton<AdminListener>();
        builder.Services.AddMetrics();
        builder.Services.AddSingleton<EngineMetrics>();
        builder.Services.AddSingleton<SiloMetrics>();
        var app = builder.Build();
        SiloRoutes.Map(app);
        app.MapMetrics();
        // Agents of a process that is also a frontend: nothing is read and nothing is forwarded.
        app.MapFallback(http =>
        {
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            http.Response.Headers.RetryAfter = "5";
            return http.Response.WriteAsync($"not ready: {Fault}", http.RequestAborted);
        }).GuardedBy(EndpointGuard.Everyone);
        return app;
    }
}
