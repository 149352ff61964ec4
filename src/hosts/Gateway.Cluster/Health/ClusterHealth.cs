using Gateway.Cluster.Stores;
using Gateway.Control.Health;
using Gateway.Limits.Model;
using Gateway.Orleans.Client;

namespace Gateway.Cluster.Health;

/// <summary>Whether this process can have a call decided now; what it says is what <c>/readyz</c> says.</summary>
internal sealed class ClusterHealth(
    ClusterEngine limiter, ClusterStore store, StoreMetrics? tally = null) : IEngineHealth
{
    private volatile string? _probe = "the fleet was not reached yet";

    /// <inheritdoc/>
    public string Kind => "cluster";

    /// <summary>Null while calls can be decided.</summary>
    public string? Fault => limiter.ClockFault ?? store.Fault ?? _probe;

    /// <inheritdoc/>
    public LimiterStatistics Statistics => tally?.Statistics ?? default;

    /// <inheritdoc/>
    public bool IsClockTrusted => limiter.ClockFault is null && store.IsClockTrusted;

    /// <inheritdoc/>
    public TimeSpan ClockAhead => store.ClockAhead;

    /// <summary>What the last probes say; null if all is well.</summary>
    public void Probed(string? fault) => _probe = fault;
}
