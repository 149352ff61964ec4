using Gateway.Cluster.Stores;
using Gateway.Control.Documents;
using Gateway.Control.Updating;

namespace Gateway.Cluster.Hosting;

/// <summary>
/// Opens a frontend's control plane. Where silos hold the documents, this is done once the process has joined the fleet
/// and before it listens; else before anything is started, so that a wrong configuration is told at once.
/// </summary>
internal sealed class ControlOpening(ConfigFileWatcher config, ClusterStore store, TimeProvider time) : IHostedService
{
    /// <summary>As both may be starting, as long as PostgreSQL is given.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(250);

    /// <summary>Whether this start had to make the administrator's key.</summary>
    public bool HasNewKey { get; private set; }

    /// <summary>Before the host is started.</summary>
    /// <exception cref="InvalidOperationException">The configuration is wrong; the message lists why.</exception>
    /// <exception cref="ControlStoreException">The documents cannot be reached or read.</exception>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (store.Controls is not null) await OpenAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (store.Controls is null)
        {
            try
            {
                await OpenAsync(cancellationToken);
                return;
            }
            catch (ControlStoreException) when (time.GetElapsedTime(began) < Patience)
            {
                await Task.Delay(RetryAfter, time, cancellationToken);
            }
        }
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// A key that was made is kept as a hash: it is shown at once, as nobody else ever can, though the start may fail.
    /// </summary>
    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        if (await config.OpenAsync(cancellationToken) is not { } key) return;
        HasNewKey = true;
        Console.WriteLine($"admin key, shown this once: {key}");
    }
}
