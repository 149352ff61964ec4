using System.Diagnostics.Metrics;
using Gateway.Control.Notifications.Events;
using Gateway.Control.Telemetry;
using Gateway.Limits.Model;
using Gateway.Proxy.Pinning;
using Microsoft.Extensions.Logging;

namespace Gateway.Catalogue.Keeping;

/// <summary>
/// The report of each tool that starts to differ from its accepted version, once: with a metric, a log line and an
/// event.
/// </summary>
public sealed partial class DriftReport
{
    private const string Drifted = "tool.drifted";
    private const int PlacesMax = 10;
    private const long EventLifetimeMs = 24 * 3_600_000L;

    private readonly Counter<long> _drift;
    private readonly EventRaiser _events;
    private readonly ProcessClock _clock;
    private readonly ILogger<DriftReport> _logger;

    /// <summary>Creates the instruments.</summary>
    public DriftReport(IMeterFactory meters, EventRaiser events, ProcessClock clock, ILogger<DriftReport> logger)
    {
        ArgumentNullException.ThrowIfNull(meters);
        (_events, _clock, _logger) = (events, clock, logger);
        _drift = meters.Create(MeterNames.Gateway).CreateCounter<long>(
            "gateway.catalogue.drift", unit: "{tool}",
            description: "Tools whose definition differs from the accepted one, by kind of difference.");
    }

    /// <summary>Reports the tools that differ now and did not before.</summary>
    public void RaiseChanges(KeptInventory? before, KeptInventory? after)
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
            Raise(after, after.Offered.First(one => one.Name == tool), drift, standing);
        }
    }

    // Reports the places that differ but not their content: only the command shows a server's own text.
    private void Raise(KeptInventory kept, KeptItem tool, string drift, string standing)
    {
        var nowMs = _clock.NowMs();
        var places = tool.Accepted?.Definition is { } accepted
            ? DefinitionDiff.Of(accepted, tool.Definition).Select(static one => one.Place).ToList()
            : [];
        var facts = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["drift"] = drift,
            ["standing"] = standing,
        };
        if (places.Count > 0)
        {
            facts["changed"] = string.Join(", ", places.Take(PlacesMax))
                + (places.Count > PlacesMax ? $" and {places.Count - PlacesMax} more" : "");
        }

        _events.TryRaise(
            EventRaiser.IdOf(
                Drifted, kept.Server, tool.Name, drift, standing, tool.Accepted?.Contract ?? "", tool.Sha256 ?? ""),
            new RaisedEvent
            {
                Type = Drifted,
                Grant = "",
                Server = kept.Server,
                Tool = tool.Name,
                Rule = "",
                Reason = tool.Accepted is null
                    ? $"The tool {tool.Name} of {kept.Server} is new and is {standing}"
                    : $"The tool {tool.Name} of {kept.Server} has drifted ({drift}) and is {standing}",
                NextStep = $"gateway tools drift --server {kept.Server}",
                Facts = facts,
                AtMs = nowMs,
                ExpiresMs = nowMs + EventLifetimeMs,
            });
    }

    private static IEnumerable<(string Tool, string Drift, string Standing)> Suspects(KeptInventory kept) =>
        from tool in kept.Offered
        where !tool.IsAsAccepted
        select (tool.Name, InventoryNames.Of(tool.Evaluation.Drift), InventoryNames.Of(tool.Evaluation.Standing));

    [LoggerMessage(1, LogLevel.Warning,
        "The tool {Tool} of {Server} has drifted ({Drift}) and is {Standing}. See: gateway tools drift")]
    private partial void LogDrift(string tool, string server, string drift, string standing);
}
