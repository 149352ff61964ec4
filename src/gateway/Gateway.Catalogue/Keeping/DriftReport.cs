using System.Diagnostics.Metrics;
using Gateway.Catalogue.Listing;
using Gateway.Control.Notifications.Events;
using Gateway.Control.Telemetry;
using Gateway.Limits.Model;
using Gateway.Policy.Decisions;
using Gateway.Proxy.Pinning;
using Microsoft.Extensions.Logging;

namespace Gateway.Catalogue.Keeping;

/// <summary>
/// The report of each entry that starts to differ from its accepted version, once: with a metric, a log line and an
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
            "gateway.catalogue.drift", unit: "{definition}",
            description: "Tools, prompts and resources whose definition differs from the accepted one, by kind of "
                + "difference.");
    }

    /// <summary>Reports the entries that differ now and did not before.</summary>
    public void RaiseChanges(KeptInventory? before, KeptInventory? after)
    {
        if (before is null || after is null)
            return;
        var known = Differing(before).Select(static one => (one.Kind, one.Name, StateOf(one))).ToHashSet();
        var changed = Differing(after)
            .Where(one => !known.Contains((one.Kind, one.Name, StateOf(one))) && IsReported(before, one))
            .Select(static one => (Item: one, State: StateOf(one)))
            .ToList();
        foreach (var (item, (drift, standing)) in changed)
        {
            _drift.Add(
                1, new("server", after.Server), new("kind", InventoryNames.Of(item.Kind)), new("drift", drift),
                new("standing", standing));
        }

        foreach (var (item, (drift, standing)) in changed.Take(ReportsMax))
        {
            LogDrift(InventoryNames.Of(item.Kind), item.Name, after.Server, drift, standing);
            Raise(after, item, drift, standing);
        }

        if (changed.Count > ReportsMax)
            RaiseRest(after, changed.Count - ReportsMax);
    }

    // Reports the places that differ but not their content: only the command shows a server's own text.
    private void Raise(KeptInventory kept, KeptItem item, string drift, string standing)
    {
        var kind = InventoryNames.Of(item.Kind);
        var isTool = item.Kind == InventoryKind.Tool;
        var places = item.Accepted?.Definition is { } accepted
            ? DefinitionDiff.Of(accepted, item.Definition).Select(static one => one.Place).ToList()
            : [];
        var facts = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["drift"] = drift,
            ["standing"] = standing,
        };
        if (!isTool)
            facts[kind] = item.Name;
        if (places.Count > 0)
        {
            facts["changed"] = string.Join(", ", places.Take(PlacesMax))
                + (places.Count > PlacesMax ? $" and {places.Count - PlacesMax} more" : "");
        }

        Raise(
            EventRaiser.IdOf(
                Drifted, kept.Server, isTool ? item.Name : $"{kind} {item.Name}", drift, standing,
                item.Accepted?.Contract ?? "", (isTool ? item.Sha256 : item.Hashes?.Contract) ?? ""),
            kept.Server,
            isTool ? item.Name : "",
            item.Accepted is null
                ? $"The {kind} {item.Name} of {kept.Server} is new and is {standing}"
                : $"The {kind} {item.Name} of {kept.Server} has drifted ({drift}) and is {standing}",
            facts);
    }

    private void RaiseRest(KeptInventory kept, int count)
    {
        LogRest(count, kept.Server);
        Raise(
            EventRaiser.IdOf(Drifted, kept.Server, $"{count} more at {_clock.NowMs()}"),
            kept.Server,
            "",
            $"{count} more definitions of {kept.Server} are new or have drifted",
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

    private static IEnumerable<KeptItem> Differing(KeptInventory kept) =>
        kept.Offered.Where(static tool => !tool.IsAsAccepted).Concat(kept.DriftedItems);

    private static bool IsReported(KeptInventory before, KeptItem item) => item.Kind == InventoryKind.Tool
        ? before.BaselineAt is not null || item.Evaluation.Standing == ToolStanding.Blocked
        : before.ItemsBaselineAt is not null;

    private static (string Drift, string Standing) StateOf(KeptItem item) =>
        (InventoryNames.Of(item.Evaluation.Drift), InventoryNames.StandingOf(item));

    [LoggerMessage(1, LogLevel.Warning,
        "The {Kind} {Name} of {Server} has drifted ({Drift}) and is {Standing}. See: gateway tools drift")]
    private partial void LogDrift(string kind, string name, string server, string drift, string standing);

    [LoggerMessage(2, LogLevel.Warning,
        "{Count} more definitions of {Server} are new or have drifted. See: gateway tools drift")]
    private partial void LogRest(int count, string server);
}
