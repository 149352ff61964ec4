using Gateway.Orleans.Grains;

namespace Gateway.Orleans;

/// <summary>The counters of this silo, all together.</summary>
public sealed class SiloCounters
{
    private readonly ActivationDirectory _owners;

    internal SiloCounters(ActivationDirectory owners) => _owners = owners;

    /// <summary>
    /// The ten counters of this silo that were asked most in the last five seconds, by <c>grant@server/counter</c>, and
    /// how often a second.
    /// </summary>
    public IEnumerable<(string Counter, double PerSecond)> Busiest => _owners.Busiest
        .Select(static one => ($"{one.Key.ScopeId}/{one.Key.ShownName}", one.PerSecond));

    /// <summary>
    /// From now on nothing is given out here: whoever asks is told to ask elsewhere, and what is in hand goes back to
    /// the store. The silo is to be stopped then, so that others become the owners.
    /// </summary>
    /// <returns>Ends when all of it has gone back, or will not.</returns>
    public Task LeaveAsync() => _owners.LeaveAllAsync();
}
