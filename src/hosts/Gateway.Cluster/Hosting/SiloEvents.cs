namespace Gateway.Cluster.Hosting;

/// <summary>Logs when another silo joins, leaves or is declared dead, with one line for each event.</summary>
internal sealed partial class SiloEvents(ISiloStatusOracle oracle, ILogger<SiloEvents> log)
    : IHostedService, ISiloStatusListener
{
    // Orleans reports changes one after another.
    private readonly HashSet<SiloAddress> _leaving = [];

    public Task StartAsync(CancellationToken cancellationToken)
    {
        oracle.SubscribeToSiloStatusEvents(this);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        oracle.UnSubscribeFromSiloStatusEvents(this);
        return Task.CompletedTask;
    }

    public void SiloStatusChangeNotification(SiloAddress updatedSilo, SiloStatus status)
    {
        if (updatedSilo.Equals(oracle.SiloAddress)) return;
        var name = oracle.TryGetSiloName(updatedSilo, out var known) ? known : "without a name";
        switch (status)
        {
            case SiloStatus.Active:
                LogJoined(log, name, updatedSilo.Endpoint);
                break;
            case SiloStatus.ShuttingDown or SiloStatus.Stopping:
                _leaving.Add(updatedSilo);
                break;
            case SiloStatus.Dead when _leaving.Remove(updatedSilo):
                LogLeft(log, name, updatedSilo.Endpoint);
                break;
            case SiloStatus.Dead:
                LogGone(log, name, updatedSilo.Endpoint);
                break;
        }
    }

    [LoggerMessage(1, LogLevel.Information, "The silo {Name} at {Address} has joined.")]
    private static partial void LogJoined(ILogger log, string name, object address);

    [LoggerMessage(2, LogLevel.Information, "The silo {Name} at {Address} has left; the other silos own its counters "
        + "now.")]
    private static partial void LogLeft(ILogger log, string name, object address);

    [LoggerMessage(3, LogLevel.Warning,
        "The silo {Name} at {Address} did not respond and was declared dead; the other silos own its counters now.")]
    private static partial void LogGone(ILogger log, string name, object address);
}
