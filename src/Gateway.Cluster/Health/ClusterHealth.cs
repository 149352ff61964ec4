using Gateway.Cluster.Hosting;
using Gateway.Limits;
using Gateway.Orleans;
using Gateway.Proxy.Health;

namespace Gateway.Cluster.Health;

/// <summary>Whether this process can have a call decided now; what it says is what <c>/readyz</c> says.</summary>
internal sealed class ClusterHealth(
    GrainLimiter limiter, ClusterStore store, StoreTally? tally = null) : IEngineHealth
{
    private volatile string? _probe = "the fleet was not reached yet";

    /// <inheritdoc/>
    public string Kind => "cluster";

    /// <summary>Null while calls can be decided.</summary>
    public string? Fault => limiter.ClockFault ?? store.Fault ?? _probe;

    /// <inheritdoc/>
    public LimiterFigures Figures => tally?.Figures ?? default;

    /// <inheritdoc/>
    public bool IsClockTrusted => limiter.ClockFault is null && store.IsClockTrusted;

    /// <inheritdoc/>
    public TimeSpan ClockAhead => store.ClockAhead;

    /// <summary>What the last probes say; null if all is well.</summary>
    public void Probed(string? fault) => _probe = fault;
}
