using System.Diagnostics.Metrics;
using Gateway.Control.Telemetry;
using Microsoft.Extensions.Logging;

namespace Gateway.Catalogue.Keeping;

/// <summary>Tells once of each tool that is seen to differ from what was accepted of it: a metric and a line.</summary>
public sealed partial class DriftReport
{
    private readonly Counter<long> _drift;
    private readonly ILogger<DriftReport> _logger;

    /// <summary>Counts nothing yet.</summary>
    public DriftReport(IMeterFactory meters, ILogger<DriftReport> logger)
    {
        ArgumentNullException.ThrowIfNull(meters);
        _logger = logger;
        _drift = meters.Create(MeterNames.Gateway).CreateCounter<long>(
            "gateway.catalogue.drift", unit: "{tool}",
            description: "Tools whose definition was seen to differ from the accepted one, by how.");
    }

    /// <summary>Tells what differs now and did not before.</summary>
    public void Tell(KeptInventory? before, KeptInventory? after)
    {
        if (before is null || after is null)
            return;
        var known = Suspects(before).ToHashSet();
        foreach (var (tool, drift, standing) in Suspects(after).Where(one => !known.Contains(one)))
        {
            if (before.BaselineAt is null && standing != "blocked")
                continue;
            _drift.Add(1, new("server", after.Server), new("drift", drift), new("standing", standing));
            LogDrift(tool, after.Server, drift, standing);
        }
    }

    private static IEnumerable<(string Tool, string Drift, string Standing)> Suspects(KeptInventory kept) =>
        from tool in kept.Offered
        where !tool.IsAsAccepted
        select (tool.Name, InventoryNames.Of(tool.Judgement.Drift), InventoryNames.Of(tool.Judgement.Standing));

    [LoggerMessage(1, LogLevel.Warning,
        "The tool {Tool} of {Server} is not what was accepted ({Drift}) and is {Standing}. See: gateway tools drift")]
    private partial void LogDrift(string tool, string server, string drift, string standing);
}
