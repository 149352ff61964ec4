using System.Diagnostics.Metrics;
using Gateway.Catalogue.Pinning;
using Gateway.Control.Telemetry;

namespace Gateway.Catalogue.Keeping;

/// <summary>What is seen of servers' definitions.</summary>
public sealed class CatalogueMetrics
{
    private readonly Counter<long> _drift;

    /// <summary>Counts nothing yet.</summary>
    public CatalogueMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        _drift = meters.Create(MeterNames.Gateway).CreateCounter<long>(
            "gateway.catalogue.drift", unit: "{tool}",
            description: "Tools whose definition was seen to differ from the accepted one, by how.");
    }

    internal void Seen(string server, Drift drift) => _drift.Add(
        1, new("server", server), new("drift", InventoryNames.Of(drift)));
}
