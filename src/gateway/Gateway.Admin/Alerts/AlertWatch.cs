using Gateway.Admin.Budgets;
using Gateway.Admin.Records;
using Gateway.Control.Contracts;
using Gateway.Control.Documents;
using Gateway.Control.Notifications.Events;
using Gateway.Control.Notifications.Messages;
using Gateway.Control.Updating;
using Gateway.Limits.Model;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.Admin.Alerts;

/// <summary>
/// Measures the alert rules and the thresholds of budgets once a minute. A rule that fires is among the conditions that
/// need attention, and notifies channels once an hour and once when it ends, by one frontend of a fleet.
/// </summary>
internal sealed partial class AlertWatch(
    AlertReader alerts, AttentionReport report, SnapshotUpdater control, EventRaiser events,
    BudgetThresholds budgets, ProcessClock clock, ILogger<AlertWatch> logger) : BackgroundService
{
    private const string Type = Notification.AlertFiring;
    private const long HourMs = 3_600_000;
    private const long KeptMs = 600_000;
    private static readonly TimeSpan CheckEvery = TimeSpan.FromMinutes(1);
    private HashSet<string> _ended = new(StringComparer.Ordinal);

    /// <summary>Returns the event of a rule that fires.</summary>
    public static RaisedEvent Event(string name, AlertSpec alert, string reason, long nowMs, long expiresMs) => new()
    {
        Type = Type,
        Grant = alert.Grant ?? "",
        Server = alert.Server ?? "",
        Tool = alert.Tool ?? "",
        Rule = "",
        Reason = reason,
        NextStep = $"gateway alerts show {name}",
        Facts = Facts(name, alert),
        AtMs = nowMs,
        ExpiresMs = expiresMs,
    };

    private static Dictionary<string, string> Facts(string name, AlertSpec alert)
    {
        var facts = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["alert"] = name,
            ["severity"] = alert.Severity ?? AlertSpec.DefaultSeverity,
        };
        if (alert.Note is { } note)
            facts["note"] = note;
        return facts;
    }

    /// <summary>Measures all rules, and raises an event for each that fires or has ended.</summary>
    public async Task CheckAsync(CancellationToken stopping)
    {
        var state = control.State;
        var all = AlertReader.All(state).ToList();
        IReadOnlyList<AlertState> measured;
        try
        {
            measured = await alerts.MeasureAsync(all.Select(static one => one.Alert), state, stopping);
        }
        catch (ControlStoreException e)
        {
            // The store's own condition is raised; the alerts stay as they were.
            LogUnmeasured(e);
            return;
        }

        var nowMs = clock.NowMs();
        var firing = all.Zip(measured).Where(static one => one.Second.IsFiring)
            .ToDictionary(static one => one.First.Name, static one => (one.First.Alert, one.Second.Text));
        report.Firing =
        [
            .. firing.Select(one => new FiringAlert(
                one.Key, one.Value.Alert.Severity ?? AlertSpec.DefaultSeverity, one.Value.Text, one.Value.Alert.Server,
                report.Firing.FirstOrDefault(before => before.Name == one.Key)?.Since
                    ?? DateTimeOffset.FromUnixTimeMilliseconds(nowMs))),
        ];
        var raised = RaisedEventStore.All(state.Documents)
            .Where(static one => one.Event.Type is Notification.AlertFiring or Notification.AlertResolved)
            .OrderBy(static one => one.Event.AtMs)
            .ToLookup(static one => one.Event.Facts.GetValueOrDefault("alert", ""), StringComparer.Ordinal);
        var (hour, expiresMs) = EventRaiser.Once(HourMs, nowMs);
        var view = report.Of(state);
        foreach (var one in view.Attention.Where(static one => one.Kind == Type && !one.IsSnoozed))
        {
            var (alert, text) = firing[one.About!];
            // A rule that ended in this hour and fires again notifies again.
            var ended = raised[one.About!].LastOrDefault(
                before => before.Event.Type != Type && before.Event.AtMs / HourMs == nowMs / HourMs).Id;
            events.TryRaise(
                ended is null
                    ? EventRaiser.IdOf("alert", one.About!, hour)
                    : EventRaiser.IdOf("alert", one.About!, hour, ended),
                Event(one.About!, alert, text, nowMs, expiresMs));
        }

        RaiseEnded(
            raised.Where(one => !firing.ContainsKey(one.Key))
                // While configuration files differ, the file of another gateway may have the rule.
                .Where(one => view.Fleet is null || all.Exists(rule => rule.Name == one.Key))
                .Select(static one => (Name: one.Key, Last: one.Last()))
                .Where(static one => one.Last.Event.Type == Type)
                .Select(static one => (one.Name, one.Last.Id, one.Last.Event)),
            all.Zip(measured).ToDictionary(static one => one.First.Name, static one => one.Second.Text), nowMs);
    }

    /// <summary>
    /// Raises the end of each rule whose last event is that it fires. A value at the threshold changes sides often, so
    /// two checks in a row must find the end.
    /// </summary>
    private void RaiseEnded(
        IEnumerable<(string Name, string Id, RaisedEvent Firing)> last, Dictionary<string, string> texts, long nowMs)
    {
        var ended = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, id, firing) in last)
        {
            ended.Add(name);
            if (!_ended.Contains(name))
                continue;
            events.TryRaise(EventRaiser.IdOf("alert-resolved", id), firing with
            {
                Type = Notification.AlertResolved,
                Reason = texts.TryGetValue(name, out var text)
                    ? $"The alert {name} ended. {text}"
                    : $"The alert {name} ended, because its rule was removed",
                AtMs = nowMs,
                // It must outlive the event of the firing, or that would end again.
                ExpiresMs = Math.Max(firing.ExpiresMs, EventRaiser.Once(HourMs, nowMs).ExpiresMs) + KeptMs,
            });
        }

        _ended = ended;
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        clock.Timers.RepeatAsync(
            CheckEvery,
            async stopping =>
            {
                await CheckAsync(stopping);
                await budgets.CheckAsync(control.State, stopping);
            },
            stoppingToken);

    [LoggerMessage(1, LogLevel.Debug, "Alert rules are not measured, because the figures cannot be read")]
    private partial void LogUnmeasured(Exception exception);
}
