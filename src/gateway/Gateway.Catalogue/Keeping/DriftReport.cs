using System.Diagnostics.Metrics;
using Gateway.Control.Notifications.Events;
using Gateway.Control.Telemetry;
using Gateway.Limits.Model;
using Gateway.Policy.Decisions;
using Gateway.Proxy.Pinning;
using Microsoft.Extensions.Logging;

namespace Gateway.Catalogue.Keeping;

/// <summary>
/// The report of each tool that starts to differ from its accepted version, once: with a metric, a log line and an
/// event. If many change at once, the rest is one log line and one event.
/// </summary>
public sealed partial class DriftReport
{
    private const string Drifted = "tool.drifted";
    private const int PlacesMax = 10;
    private const int ReportsMax = 20;
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
        var known = before.Offered.Where(static tool => !tool.IsAsAccepted)
            .Select(static tool => (tool.Name, KindOf(tool))).ToHashSet();
        var changed = after.Offered.Where(static tool => !tool.IsAsAccepted)
            .Select(static tool => (Tool: tool, Kind: KindOf(tool)))
            .Where(one => !known.Contains((one.Tool.Name, one.Kind))
                && (before.BaselineAt is not null || one.Tool.Evaluation.Standing == ToolStanding.Blocked))
            .ToList();
        foreach (var (_, (drift, standing)) in changed)
            _drift.Add(1, new("server", after.Server), new("drift", drift), new("standing", standing));
        foreach (var (tool, (drift, standing)) in changed.Take(ReportsMax))
        {
            LogDrift(tool.Name, after.Server, drift, standing);
            Raise(after, tool, drift, standing);
        }

        if (changed.Count > ReportsMax)
            RaiseRest(after, changed.Count - ReportsMax);
    }

    // Reports the places that differ but not their content: only the command shows a server's own text.
    private void Raise(KeptInventory kept, KeptItem tool, string drift, string standing)
    {
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

        Raise(
            EventRaiser.IdOf(
                Drifted, kept.Server, tool.Name, drift, standing, tool.Accepted?.Contract ?? "", tool.Sha256 ?? ""),
            kept.Server,
            tool.Name,
            tool.Accepted is null
                ? $"The tool {tool.Name} of {kept.Server} is new and is {standing}"
                : $"The tool {tool.Name} of {kept.Server} has drifted ({drift}) and is {standing}",
            facts);
    }

    private void RaiseRest(KeptInventory kept, int count)
    {
        LogRest(count, kept.Server);
        Raise(
            EventRaiser.IdOf(Drifted, kept.Server, $"{count} more at {_clock.NowMs()}"),
            kept.Server,
            "",
            $"{count} more tools of {kept.Server} are new or have drifted",
            new Dictionary<string, string>(StringComparer.Ordinal) { ["more"] = $"{count}" });
    }

    private void Raise(
        string id, string server, string tool, string reason, IReadOnlyDictionary<string, string> facts)
    {
        var nowMs = _clock.NowMs();
        _events.TryRaise(id, new RaisedEvent
        {
            Type = Drifted,
            Grant = "",
            Server = server,
            Tool = tool,
            Rule = "",
            Reason = reason,
            NextStep = $"gateway tools drift --server {server}",
            Facts = facts,
            AtMs = nowMs,
            ExpiresMs = nowMs + EventLifetimeMs,
        });
    }

    private static (string Drift, string Standing) KindOf(KeptItem tool) =>
        (InventoryNames.Of(tool.Evaluation.Drift), InventoryNames.Of(tool.Evaluation.Standing));

    [LoggerMessage(1, LogLevel.Warning,
        "The tool {Tool} of {Server} has drifted ({Drift}) and is {Standing}. See: gateway tools drift")]
    private partial void LogDrift(string tool, string server, string drift, string standing);

    [LoggerMessage(2, LogLevel.Warning,
        "{Count} more tools of {Server} are new or have drifted. See: gateway tools drift")]
    private partial void LogRest(int count, string server);
}
