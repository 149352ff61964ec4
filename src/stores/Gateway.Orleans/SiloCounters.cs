using Gateway.Orleans.Grains;

namespace Gateway.Orleans;

/// <summary>All counters of this silo.</summary>
public sealed class SiloCounters
{
    private readonly ActivationDirectory _owners;

    internal SiloCounters(ActivationDirectory owners) => _owners = owners;

    /// <summary>
    /// The ten counters of this silo with the most requests in the last five seconds, as <c>grant@server/counter</c>,
    /// with requests per second.
    /// </summary>
    public IEnumerable<(string Counter, double PerSecond)> Busiest => _owners.Busiest
        .Select(static one => ($"{one.Key.ScopeId}/{one.Key.ShownName}", one.PerSecond));

    /// <summary>
    /// Stops issuing numbers: callers are directed elsewhere, and unissued numbers return to the store. The silo must
    /// then be stopped, so that others become the owners.
    /// </summary>
    /// <returns>A task that completes once all unissued numbers have been returned or cannot be.</returns>
    public Task LeaveAsync() => _owners.LeaveAllAsync();
}
