using Gateway.Cluster.Hosting;
using Gateway.Limits;
using Gateway.Proxy.Health;

namespace Gateway.Cluster.Health;

/// <summary>Whether this process can have a call decided now; what it says is what <c>/readyz</c> says.</summary>
internal sealed class ClusterHealth(ProcessClock clock, ClusterStore store, StoreTally? tally = null) : IEngineHealth
{
    private volatile string? _probe = "the fleet was not reached yet";

    /// <summary>Null while calls can be decided.</summary>
    public string? Fault => clock.IsTrusted ? store.Fault ?? _probe : "the clock of this node jumped forward";

    /// <inheritdoc/>
    public LimiterFigures Figures => tally?.Figures ?? default;

    /// <inheritdoc/>
    public bool IsClockTrusted => clock.IsTrusted && store.IsClockTrusted;

    /// <inheritdoc/>
    public TimeSpan ClockAhead => store.ClockAhead;

    /// <summary>What the last probes say; null if all is well.</summary>
    public void Probed(string? fault) => _probe = fault;
}
