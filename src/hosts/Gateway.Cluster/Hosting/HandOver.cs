using Gateway.Orleans;

namespace Gateway.Cluster.Hosting;

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
