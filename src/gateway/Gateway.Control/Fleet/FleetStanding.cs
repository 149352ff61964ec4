using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using Gateway.Control.Telemetry;

namespace Gateway.Control.Fleet;

/// <summary>The result of the latest comparison.</summary>
public sealed class FleetStanding
{
    private volatile FleetDifferences? _differences;
    private volatile FleetLimits _limits = FleetLimits.None;

    /// <summary>Creates the gauge.</summary>
    public FleetStanding(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        meters.Create(MeterNames.Gateway).CreateObservableGauge(
            "gateway.fleet.config.differs", () => Differences is null ? 0 : 1,
            description: "1 while frontends of the same store have different configuration files.");
    }

    /// <summary>The differences; null while all frontends agree.</summary>
    public FleetDifferences? Differences
    {
        get => _differences;
        internal set => _differences = value;
    }

    internal FleetLimits Limits
    {
        get => _limits;
        set => _limits = value;
    }
}

/// <summary>The differences between the configuration files of a fleet, as one frontend sees them.</summary>
/// <param name="Since">The time at which this frontend first saw a difference.</param>
/// <param name="All">The differences, one for each object and frontend.</param>
public sealed record FleetDifferences(DateTimeOffset Since, ImmutableArray<FleetDifference> All)
{
    /// <summary>The maximum number of differences that are described in words.</summary>
    private const int TextsMax = 10;

    /// <summary>Descriptions of the differences; if there are many, of the first ones.</summary>
    public IEnumerable<string> Texts => All.Take(TextsMax)
        .Select(static one => $"{one.Object} differs at {one.Frontend}"
            + (one.Effect is null ? "" : $": {one.Effect}"))
        .Concat(All.Length > TextsMax ? [$"and {All.Length - TextsMax} more"] : []);
}
