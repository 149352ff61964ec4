using System.Globalization;
using System.Net.Sockets;
using Gateway.Control.Health;
using Microsoft.Extensions.Hosting.Systemd;

namespace Gateway.Hosting.Composition;

/// <summary>
/// Notifies systemd (sd_notify(3)) of a unit with <c>Type=notify</c> that the process is ready, drains, or still waits,
/// and, with <c>WatchdogSec</c>, that requests make progress. The library's <c>UseSystemd</c> would report ready once
/// the host has started, before the store responds, and would change the log format.
/// </summary>
internal sealed partial class SystemdNotice(
    ISystemdNotifier notifier, IServiceProvider services, TimeProvider time, ILogger<SystemdNotice> log,
    Func<TimeSpan, CancellationToken, Task<bool>>? isRunning = null)
    : BackgroundService, IHostedLifecycleService
{
    /// <summary>The maximum time between two notices that the process still waits.</summary>
    public static readonly TimeSpan ExtendEvery = TimeSpan.FromSeconds(8);

    private const string Variable = "NOTIFY_SOCKET";

    /// <summary>The number of heartbeats within the time after which systemd considers the process stalled.</summary>
    private const int BeatsPerLimit = 4;

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isReady;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _started.TrySetResult();
        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        if (_isReady)
            Send(notifier, log, "STOPPING=1\nSTATUS=Draining open calls");
        return Task.CompletedTask;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Requests more time: systemd would end a start without notices within <c>TimeoutStartSec</c>.</summary>
    public static void Extend(ISystemdNotifier notifier, ILogger log, string status) => Send(
        notifier, log, $"EXTEND_TIMEOUT_USEC={(4 * ExtendEvery).TotalMicroseconds:F0}\nSTATUS={status}");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!notifier.IsEnabled)
            return;
        await _started.Task.WaitAsync(stoppingToken);
        await WaitUntilReadyAsync(stoppingToken);
        _isReady = true;
        Send(notifier, log, "READY=1\nSTATUS=Serving");
        if (WatchdogLimit() is { } limit)
            await WatchAsync(limit, stoppingToken);
    }

    private async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Poll, time);
        for (long? extended = null; Unready() is { } problem; await timer.WaitForNextTickAsync(cancellationToken))
        {
            if (extended is { } at && time.GetElapsedTime(at) < ExtendEvery)
                continue;
            extended = time.GetTimestamp();
            Extend(notifier, log, $"Not ready: {problem.ReplaceLineEndings(" ")}");
        }
    }

    /// <summary>
    /// Returns the reason why the process is not ready. A silo has no listener for agents, so only the engine counts.
    /// </summary>
    private string? Unready() => services.GetService<Readiness>() is { } readiness
        ? readiness.Unready
        : services.GetService<IEngineHealth>()?.Fault;

    private async Task WatchAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(limit / BeatsPerLimit, time);
        do
        {
            if (await (isRunning?.Invoke(limit / BeatsPerLimit, cancellationToken)
                ?? RequestLoop.IsRunningAsync(limit / BeatsPerLimit, time, cancellationToken)))
                Send(notifier, log, "WATCHDOG=1");
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    private static TimeSpan? WatchdogLimit() =>
        Environment.GetEnvironmentVariable("WATCHDOG_PID") is { Length: > 0 } process
            && process != Environment.ProcessId.ToString(CultureInfo.InvariantCulture) ? null
        : long.TryParse(
            Environment.GetEnvironmentVariable("WATCHDOG_USEC"), NumberStyles.None, CultureInfo.InvariantCulture,
            out var microseconds) && microseconds > 0 ? TimeSpan.FromMicroseconds(microseconds)
        : null;

    /// <summary>A service manager that does not accept the notice must not end the process; log it.</summary>
    private static void Send(ISystemdNotifier notifier, ILogger log, string state)
    {
        try
        {
            notifier.Notify(new ServiceState(state));
        }
        catch (Exception e) when (e is SocketException or ArgumentException or PlatformNotSupportedException)
        {
            LogNotSent(log, Variable, e.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Variable} names a socket that does not accept this process's state: {Problem}")]
    private static partial void LogNotSent(ILogger log, string variable, string problem);
}
