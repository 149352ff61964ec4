using System.Collections.Frozen;
using Gateway.Control.Documents;
using Gateway.Control.Fleet;
using Gateway.Control.Health;
using Gateway.Control.Notifications.Events;
using Gateway.Control.Snapshots;
using Gateway.Control.Telemetry;
using Gateway.Control.Updating;
using Gateway.Control.Usage.Asking;
using Gateway.Limits.Model;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.Admin.Records;

/// <summary>Reports the status of the gateway with everything that needs attention.</summary>
internal sealed class AttentionReport(
    StatusReport status, FleetStanding fleet, CounterRatios limits, SnapshotHolder snapshots, RecentRefusals refusals,
    IssuerHealth issuers)
{
    /// <summary>The maximum number of listed differences between the fleet's configuration files.</summary>
    private const int DifferencesMax = 100;

    private static readonly TimeSpan ExpiredFor = TimeSpan.FromDays(7);

    private volatile RefusalFigures _refusals = new([], [], []);
    private volatile IReadOnlyList<FiringAlert> _firing = [];
    private volatile IReadOnlyList<string> _critical = [];

    /// <summary>
    /// The critical conditions of the last check, without details. Anybody may read them at <c>/readyz</c>, so
    /// requests must not compute them.
    /// </summary>
    public IReadOnlyList<string> Critical
    {
        get => _critical;
        set => _critical = value;
    }

    /// <inheritdoc cref="StatusView.Refusals"/>
    public RefusalFigures Refusals
    {
        get => _refusals;
        set => _refusals = value;
    }

    /// <inheritdoc cref="StatusView.FiringAlerts"/>
    public IReadOnlyList<FiringAlert> Firing
    {
        get => _firing;
        set => _firing = value;
    }

    public StatusView Of(ControlState state)
    {
        var view = status.Of(state);
        view = view with
        {
            Fleet = Fleet(),
            Refusals = Refusals,
            FiringAlerts = Firing,
            ExpiredGrants = Expired(state, view.Now),
            UnavailableIssuers =
            [
                .. from issuer in snapshots.Current.Callers.Issuers
                   let fault = issuers.Of(issuer.Name)
                   where fault is not null
                   select (issuer.Name, fault),
            ],
            Unavailable = refusals.LastUnavailable(view.Now.ToUnixTimeMilliseconds()),
            NearlyFull =
            [
                .. limits.NearlyFull().Select(static one => new NearlyFullView(
                    one.Key.Counter, one.Key.Server, one.Key.Grant, one.Key.Window, one.Value.Used, one.Value.Max,
                    DateTimeOffset.FromUnixTimeMilliseconds(one.Value.ResetAtMs))),
            ],
        };
        return view with
        {
            Attention = AttentionNotes.Add(
                AttentionView.Of(view), state.Documents, view.Now.ToUnixTimeMilliseconds()),
        };
    }

    // A grant that nobody uses needs nobody's attention for ever.
    private IReadOnlyList<ExpiredGrant> Expired(ControlState state, DateTimeOffset now)
    {
        var sinceMs = (now - ExpiredFor).ToUnixTimeMilliseconds();
        var models = snapshots.Current.Grants;
        return
        [
            .. from grant in state.Objects.Grants.Values
               where grant.OAuth is null && grant.ExpiresMs <= now.ToUnixTimeMilliseconds()
               let usedMs = models.GetValueOrDefault(grant.Token)?.State.ExpiredUseMs ?? 0
               let isUsed = usedMs > sinceMs && usedMs >= grant.ExpiresMs
               where isUsed || grant.ExpiresMs > sinceMs
               orderby isUsed descending, grant.ExpiresMs descending
               select new ExpiredGrant(
                   grant.Name, DateTimeOffset.FromUnixTimeMilliseconds(grant.ExpiresMs ?? 0), isUsed),
        ];
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
    internal const long RefusedMin = 20;
    internal const int RecentMinutes = 10;
    private const int MinutesBefore = 60;
    private const int SpikeTimes = 5;

    private const long HourMs = 3_600_000;
    private const int ChecksPerUsage = 2;
    private static readonly TimeSpan CheckEvery = TimeSpan.FromSeconds(15);

    // Tools, budgets, approvals and alert rules have events of their own.
    private static readonly FrozenSet<string> Raised = FrozenSet.Create(
        StringComparer.Ordinal,
        "gateway.paused", "gateway.unready", "audit.failing", "audit.sink_failing", "server.failing", "server.refusing",
        "config.rejected", "object.rejected", "fleet.differs", "fleet.member_missing", "disk.filling", "refusal.spike",
        "grant.expiring", "grant.expired", "calls.unavailable", "issuer.unavailable");

    private HashSet<string> _seen = new(StringComparer.Ordinal);

    /// <summary>Raises the conditions that the check before has found too, since many last a moment only.</summary>
    public void Check()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var attention = report.Of(control.State).Attention;
        // Names of servers, alerts and issuers are not for everybody.
        report.Critical =
        [
            .. attention.Where(static one =>
                    one is
                    {
                        Severity: AttentionView.Critical, Server: null,
                        Kind: not ("alert.firing" or "issuer.unavailable"),
                    })
                .Select(static one => one.Text),
        ];
        foreach (var one in attention.Where(static one => Raised.Contains(one.Kind) && !one.IsSnoozed))
        {
            if (seen.Add(one.Id) && _seen.Contains(one.Id))
                Raise(one);
        }

        _seen = seen;
    }

    /// <summary>Reads which servers refuse many calls or every one, and which frontends are missing.</summary>
    public async Task ReadUsageAsync(CancellationToken stopping)
    {
        var question = usage.Read(
            static name => name switch
            {
                "since" => $"{RecentMinutes + MinutesBefore}m",
                "by" => "server",
                _ => null,
            }, out _)!;
        try
        {
            report.Refusals = Figures(
                await usage.AnswerAsync(question, static _ => true, stopping), control.State.Names.Shown);
        }
        catch (ControlStoreException e)
        {
            // The store's own condition is raised; these figures stay as they were.
            LogUsageUnread(e);
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var checks = 0;
        return clock.Timers.RepeatAsync(
            CheckEvery,
            async stopping =>
            {
                if (++checks % ChecksPerUsage == 0)
                    await ReadUsageAsync(stopping);
                Check();
            },
            stoppingToken);
    }

    private static RefusalFigures Figures(UsageAnswer answer, Func<string, string> shown)
    {
        var recent = answer.Rows.Select(row => (
                Name: shown(row.Name), row.Refused, Calls: row.CallsOverTime.TakeLast(RecentMinutes).Sum() ?? 0,
                Recent: row.RefusedOverTime.TakeLast(RecentMinutes).Sum() ?? 0))
            .Where(static one => one.Recent > RefusedMin).OrderBy(static one => one.Name, StringComparer.Ordinal)
            .Select(static one => (
                one.Name, one.Calls, one.Recent,
                Before: (double)(one.Refused - one.Recent) * RecentMinutes / MinutesBefore))
            .ToList();
        return new(
            [.. recent.Where(static one => one.Recent == one.Calls).Select(static one => (one.Name, one.Recent))],
            [
                .. recent.Where(static one => one.Recent < one.Calls && SpikeTimes * one.Recent >= one.Calls
                        && one.Recent > SpikeTimes * one.Before)
                    .Select(static one => (one.Name, one.Recent, one.Before)),
            ],
            Missing(answer.Frontends));
    }

    /// <summary>Returns the frontends that are missing and were not started again.</summary>
    internal static IReadOnlyList<(string Name, DateTimeOffset Last)> Missing(IEnumerable<UsageFrontend> runs)
    {
        var frontends = runs.GroupBy(static run => run.Name, StringComparer.Ordinal).ToList();
        // A frontend that is killed before the first checkpoint of its audit log gets another name after the host's.
        var added = frontends.Select(static one => (Host: Host(one.Key), First: one.Min(static run => run.First)))
            .OrderBy(static one => one.First).ToList();
        var missing = new List<(string Name, DateTimeOffset Last)>();
        foreach (var lost in frontends.Where(static one => one.All(static run => run.State != "present"))
            .Select(static one => one.MaxBy(static run => run.Last)!).Where(static run => run.State == "missing")
            .OrderBy(static run => run.Last))
        {
            var successor = added.FindIndex(one => one.Host == Host(lost.Name) && one.First > lost.Last);
            if (successor < 0)
                missing.Add((lost.Name, lost.Last));
            else
                added.RemoveAt(successor);
        }

        return missing;

        static string Host(string name) => name.LastIndexOf(" (", StringComparison.Ordinal) is > 0 and var end
            ? name[..end] : name;
    }

    private void Raise(AttentionView one)
    {
        var nowMs = clock.NowMs();
        // A grant that expires or has expired is no incident.
        var everyMs = one.Kind is "grant.expiring" or "grant.expired" ? 24 * HourMs : HourMs;
        var (period, expiresMs) = EventRaiser.Once(everyMs, nowMs);
        events.TryRaise(
            EventRaiser.IdOf("attention", one.Id, period),
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
                ExpiresMs = expiresMs,
            });
    }

    [LoggerMessage(1, LogLevel.Debug, "Usage cannot be read, so servers that refuse calls are not detected")]
    private partial void LogUsageUnread(Exception exception);
}
