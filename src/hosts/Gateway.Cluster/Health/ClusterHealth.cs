using Gateway.Cluster.Stores;
using Gateway.Control.Health;
using Gateway.Limits.Model;
using Gateway.Orleans.Client;

namespace Gateway.Cluster.Health;

/// <summary>Health of this process: whether calls can be decided now, as reported by <c>/readyz</c>.</summary>
internal sealed class ClusterHealth(
    ClusterEngine limiter, ClusterStore store, StoreMetrics? metrics = null) : IEngineHealth
{
    private volatile string? _probe = "the fleet has not been reached yet";

    /// <inheritdoc/>
    public string Kind => "cluster";

    /// <summary>Reason why calls cannot be decided; null while they can.</summary>
    public string? Fault => limiter.ClockFault ?? store.Fault ?? _probe;

    /// <inheritdoc/>
    public LimiterStatistics Statistics => metrics?.Statistics ?? default;

    /// <inheritdoc/>
    public bool IsClockTrusted => limiter.ClockFault is null && store.IsClockTrusted;

    /// <inheritdoc/>
    public TimeSpan ClockAhead => store.ClockAhead;

    /// <summary>Records the result of the last probes; null if they succeeded.</summary>
    public void Probed(string? fault) => _probe = fault;
}
