using Gateway.Cluster.Stores;
using Gateway.Control.Documents;
using Gateway.Control.Updating;

namespace Gateway.Cluster.Hosting;

/// <summary>
/// Opens a frontend's control plane. If silos hold the documents, this happens after the process has joined the fleet
/// and before it listens; otherwise before anything starts, so that an invalid configuration is reported at once.
/// </summary>
internal sealed class ControlOpening(ConfigFileWatcher config, ClusterStore store, TimeProvider time) : IHostedService
{
    /// <summary>Patience with the silos, which may be starting too; the same as for PostgreSQL.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(250);

    /// <summary>True if this start created the administrator's key.</summary>
    public bool HasNewKey { get; private set; }

    /// <summary>Opens the control plane before the host starts, unless silos hold the documents.</summary>
    /// <exception cref="InvalidOperationException">
    /// The configuration is not valid; the message lists the problems.
    /// </exception>
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
    /// Opens the control plane and prints a new key. The key is stored only as a hash and can never be shown again, so
    /// it is printed at once even though the start may still fail.
    /// </summary>
    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        if (await config.OpenAsync(cancellationToken) is not { } key) return;
        HasNewKey = true;
        Console.WriteLine($"admin key, shown only once: {key}");
    }
}
