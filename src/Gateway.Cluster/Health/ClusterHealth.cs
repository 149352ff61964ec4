using Gateway.Cluster.Hosting;
using Gateway.Limits;
using Gateway.Proxy.Health;

namespace Gateway.Cluster.Health;

/// <summary>Whether this process can have a call decided now; what it says is what <c>/readyz</c> says.</summary>
internal sealed class ClusterHealth(ProcessClock clock, ClusterStore store) : IEngineHealth
{
    private volatile string? _probe = "the fleet was not reached yet";

    /// <summary>Null while calls can be decided.</summary>
    public string? Fault => clock.IsTrusted ? store.Fault ?? _probe : "the clock of this node jumped forward";

    /// <summary>What the last probes say; null if all is well.</summary>
    public void Probed(string? fault) => _probe = fault;
}
