using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using Gateway.Control.Documents;
using Gateway.Control.Fleet;
using Gateway.Control.Notifications.Events;
using Gateway.Control.Telemetry;
using Gateway.Control.Updating;
using Gateway.Control.Usage.Asking;
using Gateway.Limits.Model;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.Admin.Records;

/// <summary>Reports the status of the gateway with everything that needs attention.</summary>
internal sealed class AttentionReport(StatusReport status, FleetStanding fleet, CounterRatios limits)
{
    /// <summary>The maximum number of listed differences between the fleet's configuration files.</summary>
    private const int DifferencesMax = 100;

    private volatile IReadOnlyDictionary<string, long> _refusing = new Dictionary<string, long>();
    private volatile IReadOnlyList<FiringAlert> _firing = [];

    /// <inheritdoc cref="StatusView.RefusingServers"/>
    public IReadOnlyDictionary<string, long> Refusing
    {
        get => _refusing;
        set => _refusing = value;
    }

    /// <inheritdoc cref="StatusView.FiringAlerts"/>
    public IReadOnlyList<FiringAlert> Firing
    {
        get => _firing;
        set => _firing = value;
    }

    public StatusView Of(ControlState state)
    {
        var view = status.Of(state) with
        {
            Fleet = Fleet(),
            RefusingServers = Refusing,
            FiringAlerts = Firing,
            NearlyFull =
            [
                .. limits.NearlyFull().Select(static one => new NearlyFullView(
                    one.Key.Counter, one.Key.Server, one.Key.Grant, one.Key.Window, one.Value.Used, one.Value.Max,
                    DateTimeOffset.FromUnixTimeMilliseconds(one.Value.ResetAtMs))),
            ],
        };
        return view with { Attention = AttentionView.Of(view) };
    }

    private FleetView? Fleet() => fleet.Differences is not { } found ? null : new FleetView(
        found.Since,
        [
            .. found.All.Take(DifferencesMax)
                .Select(static one => new FleetDifferenceView(one.Object, one.Frontend, one.Effect)),
        ]);
}

/// <summary>
/// Raises conditions that last as events, so that channels notify people who look at no page: each condition once an
/// hour, by one frontend of a fleet.
/// </summary>
internal sealed partial class AttentionWatch(
    AttentionReport report, UsageReader usage, SnapshotUpdater control, EventRaiser events, ProcessClock clock,
    ILogger<AttentionWatch> logger) : BackgroundService
{
    // The figures of the alert GatewayNoAdmissions of Prometheus.
    private const long RefusedMin = 20;
    private const string RefusedWithin = "10m";

    private const long HourMs = 3_600_000;
    private const long ValidMs = 600_000;
    private const int ChecksPerUsage = 4;
    private static readonly TimeSpan CheckEvery = TimeSpan.FromSeconds(15);

    // Tools, budgets, approvals and alert rules have events of their own.
    private static readonly FrozenSet<string> Raised = FrozenSet.Create(
        StringComparer.Ordinal,
        "gateway.paused", "gateway.unready", "audit.failing", "audit.sink_failing", "server.failing", "server.refusing",
        "config.rejected", "object.rejected", "fleet.differs");

    private HashSet<string> _seen = new(StringComparer.Ordinal);

    /// <summary>Raises the conditions that the check before has found too, since many last a moment only.</summary>
    public void Check()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var one in report.Of(control.State).Attention.Where(static one => Raised.Contains(one.Kind)))
        {
            // The text contains times and numbers; an object is identified by its server, if any.
            var condition = $"{one.Kind} {one.Server}";
            if (seen.Add(condition) && _seen.Contains(condition))
                Raise(one, condition);
        }

        _seen = seen;
    }

    /// <summary>Reads which servers refuse every call.</summary>
    public async Task ReadUsageAsync(CancellationToken stopping)
    {
        var question = usage.Read(
            static name => name switch { "since" => RefusedWithin, "by" => "server", _ => null }, out _)!;
        try
        {
            var answer = await usage.AnswerAsync(question, static _ => true, stopping);
            report.Refusing = answer.Rows.Where(static row => row.Refused > RefusedMin && row.Refused == row.Calls)
                .ToImmutableSortedDictionary(static row => row.Name, static row => row.Refused);
        }
        catch (ControlStoreException e)
        {
            // The store's own condition is raised; these figures stay as they were.
            LogUsageUnread(e);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(CheckEvery, clock.Timers);
        try
        {
            for (var checks = 1; await timer.WaitForNextTickAsync(stoppingToken); checks++)
            {
                if (checks % ChecksPerUsage == 0)
                    await ReadUsageAsync(stoppingToken);
                Check();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The gateway stops.
        }
    }

    private void Raise(AttentionView one, string condition)
    {
        var nowMs = clock.NowMs();
        var hour = nowMs / HourMs;
        events.TryRaise(
            EventRaiser.IdOf("attention", condition, hour.ToString(CultureInfo.InvariantCulture)),
            new RaisedEvent
            {
                Type = one.Kind,
                Grant = "",
                Server = one.Server ?? "",
                Tool = "",
                Rule = "",
                Reason = one.Text,
                NextStep = "gateway status",
                Facts = new Dictionary<string, string>(StringComparer.Ordinal) { ["severity"] = one.Severity },
                AtMs = nowMs,
                ExpiresMs = Math.Max((hour + 1) * HourMs, nowMs + ValidMs),
            });
    }

    [LoggerMessage(1, LogLevel.Debug, "Usage cannot be read, so refusing servers are not looked for")]
    private partial void LogUsageUnread(Exception exception);
}
