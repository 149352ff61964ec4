using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using Gateway.Control.Health;
using Microsoft.AspNetCore.Connections.Features;

namespace Gateway.Hosting.Draining;

/// <summary>
/// The drain of a gateway: it is not ready, goes on serving, and makes each client close its connection, which is the
/// only way in HTTP/1.1 to end a kept connection without losing a request. Then the listeners close, and last, after a
/// quiet period, the idle connections.
/// </summary>
internal sealed partial class Drain(
    OpenConnections connections, DrainingTransport transport, Readiness readiness, IHostApplicationLifetime lifetime,
    DrainOptions options, TimeProvider time, ILogger<Drain> logger) : IHostedLifecycleService
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);
    private readonly Lock _gate = new();
    private Task? _leaving;

    /// <summary>Adds <c>Connection: close</c> to every response that begins after SIGTERM.</summary>
    public RequestDelegate Announcing(RequestDelegate next)
    {
        Func<object, Task> announce = http =>
        {
            if (readiness.IsDraining)
                Announce((HttpContext)http);
            return Task.CompletedTask;
        };
        return http =>
        {
            if (readiness.IsDraining)
                connections.Used();
            http.Response.OnStarting(announce, http);
            return next(http);
        };
    }

    /// <summary>
    /// Drains. The host calls this before it stops anything, the server included, and may call it again.
    /// </summary>
    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        lifetime.StopApplication();
        if (options.Grace <= TimeSpan.Zero)
            return Task.CompletedTask;
        lock (_gate)
            return _leaving ??= LeaveAsync(cancellationToken);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static void Announce(HttpContext http)
    {
        if (HttpProtocol.IsHttp11(http.Request.Protocol) || HttpProtocol.IsHttp10(http.Request.Protocol))
            http.Response.Headers.Connection = "close";
        else
            // HTTP/2 has a frame for it (GOAWAY), which names the last call that was read.
            http.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
    }

    private async Task LeaveAsync(CancellationToken cancellationToken)
    {
        if (connections.Count > 0)
            LogLeaving(logger, connections.Count);
        var half = options.Grace / 2;
        // Even without connections: the load balancer has not noticed the drain yet, and sends more.
        await Task.Delay(half, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await transport.CloseAsync(time, cancellationToken);
        // The client that was accepted last may not have sent its call yet.
        await WaitAsync(() => connections.Quiet >= half, options.Grace, cancellationToken);
        if (connections.Count > 0)
            LogLeft(logger, connections.Count);
    }

    /// <summary>Waits until there are no connections, the condition holds, or the time is over.</summary>
    private async Task WaitAsync(Func<bool> isEnough, TimeSpan atMost, CancellationToken cancellationToken)
    {
        var begin = time.GetTimestamp();
        while (connections.Count > 0 && !isEnough() && time.GetElapsedTime(begin) < atMost
            && !cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(Step, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(Level = LogLevel.Information,
        Message = "Stopping: not ready. Each connection will close with its next response; open connections: {Open}.")]
    private static partial void LogLeaving(ILogger logger, int open);

    [LoggerMessage(Level = LogLevel.Information,
        Message = "Connections left: {Open}. Idle connections are closed, and open calls are completed.")]
    private static partial void LogLeft(ILogger logger, int open);
}

/// <summary>The end of a process.</summary>
[UnconditionalSuppressMessage(
    "Trimming", "IL2026", Justification = "The ranges are read by a generated validator, which converts no types.")]
public sealed record DrainOptions
{
    /// <summary>
    /// The time for which clients with open connections are served after SIGTERM, so that each can leave by itself;
    /// less if there are no connections. Zero stops at once.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan Grace { get; init; }
}
