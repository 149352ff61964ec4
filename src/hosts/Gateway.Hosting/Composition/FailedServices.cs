namespace Gateway.Hosting.Composition;

/// <summary>
/// Starts background services again that ended with an exception. By default the host would stop with the first of
/// them, so that one document or file that a loop cannot handle would end every gateway of a fleet.
/// </summary>
internal sealed partial class FailedServices(
    IServiceProvider services, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<FailedServices> log)
    : BackgroundService
{
    internal static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach (var service in services.GetServices<IHostedService>().OfType<BackgroundService>())
            {
                if (service.ExecuteTask is { IsFaulted: true, Exception: { } fault })
                    await RestartAsync(service, fault);
            }
        }
    }

    private async Task RestartAsync(BackgroundService service, AggregateException fault)
    {
        LogRestarts(service.GetType().Name, fault.GetBaseException());
        try
        {
            await service.StartAsync(lifetime.ApplicationStopping);
        }
        catch (Exception e)
        {
            // It is still failed, so the next round tries again.
            LogFailed(service.GetType().Name, e);
        }
    }

    [LoggerMessage(LogLevel.Error,
        "The background service {Service} ended because of an error and starts again. Report this as a defect")]
    private partial void LogRestarts(string service, Exception fault);

    [LoggerMessage(LogLevel.Error, "The background service {Service} could not be started again")]
    private partial void LogFailed(string service, Exception fault);
}
