using Gateway.Orleans;

namespace Gateway.Cluster.Hosting;

/// <summary>
/// Before a silo leaves the cluster its counters go: whoever asks is told so at once, and all that they hold is handed
/// back while the store can still be reached.
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
