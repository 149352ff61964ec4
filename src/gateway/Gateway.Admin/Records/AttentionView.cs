using System.Text.Json.Serialization;
using Gateway.Admin.Pausing;
using Gateway.Control.Telemetry;
using Gateway.Policy.Text;

namespace Gateway.Admin.Records;

/// <summary>A condition that needs a person's attention.</summary>
/// <param name="Kind">The kind of condition, such as <c>server.failing</c>.</param>
/// <param name="Severity">
/// <c>critical</c> (calls fail, or a tool is not trusted), <c>warning</c> or <c>info</c>.
/// </param>
/// <param name="Text">The condition in one sentence without a full stop.</param>
/// <param name="Page">The page of the console that shows it, such as <c>servers/crm</c>.</param>
internal sealed partial record AttentionView(string Kind, string Severity, string Text, string Page)
{
    /// <summary>The server that it is about; null for none.</summary>
    public string? Server { get; init; }

    /// <summary>The cause, or the details; null if there are none.</summary>
    public string? Detail { get; init; }

    /// <summary>The start of the condition; null if it is unknown.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The end of a pause or of a limit's window; null if it is unknown.</summary>
    public DateTimeOffset? Until { get; init; }

    // The threshold of the alert GatewayDiskNearlyFull of Prometheus.
    internal const double FreeShareMin = 0.1;
    private const long MiB = 1 << 20;

    /// <summary>The name of the object that it is about, beside the server; null if there can be one only.</summary>
    [JsonIgnore]
    public string? About { get; init; }

    /// <summary>The id of the condition, for its note; it stays while the condition lasts.</summary>
    public string Id { get; init; } = "";

    /// <summary>The note of operators; null if there is none.</summary>
    public AttentionNoteView? Note { get; init; }

    /// <summary>True if an operator took it out of the list for a time.</summary>
    [JsonIgnore]
    public bool IsSnoozed => Note?.SnoozedUntil is not null;

    internal const string Critical = "critical";
    private const string Warning = "warning";
    private const string Info = "info";

    /// <summary>
    /// Returns all conditions that need a person's attention, the most severe first. The console and <c>gateway
    /// status</c> show this list, so that they cannot disagree.
    /// </summary>
    public static IReadOnlyList<AttentionView> Of(StatusView status) =>
    [
        .. Engine(status).Concat(Store(status)).Concat(Unavailable(status)).Concat(Issuers(status))
            .Concat(Servers(status)).Concat(Pauses(status)).Concat(Refusing(status)).Concat(Limits(status))
            .Concat(Alerts(status)).Concat(Configuration(status)).Concat(People(status))
            .OrderBy(static one => one.Severity switch { Critical => 0, Warning => 1, _ => 2 }),
    ];

    /// <summary>Returns a condition with who paused it, why and for how long.</summary>
    private static AttentionView Paused(AttentionView condition, PauseView? pause) => pause is null ? condition
        : condition with
        {
            Detail = pause.Reason is { } reason ? $"{pause.By ?? "An operator"}: {reason}" : pause.By,
            Since = pause.Since,
            Until = pause.Until,
        };

    // A window of seconds is written as the length that operators write.
    private static string Per(string window) => window switch
    {
        "60s" => "per minute",
        "3600s" => "per hour",
        "86400s" => "per day",
        "604800s" => "per week",
        _ => $"per {window}",
    };

    private static IEnumerable<AttentionView> Issuers(StatusView status)
    {
        foreach (var (name, fault) in status.UnavailableIssuers)
        {
            yield return new(
                "issuer.unavailable", fault.HasKeys ? Warning : Critical,
                $"The keys of the issuer {name} cannot be fetched", "settings")
            {
                About = name,
                Detail = $"{fault.Why.TrimEnd('.')}. " + (fault.HasKeys
                    ? "Its known keys stay in use until they are too old."
                    : "Callers with its tokens are refused until the keys can be fetched."),
                Since = fault.Since,
            };
        }
    }

    private static IEnumerable<AttentionView> Engine(StatusView status)
    {
        if (status.Pauses?.Gateway is { } pause)
        {
            yield return Paused(
                new("gateway.paused", Critical, "Every call is refused: the gateway is paused", "overview"), pause);
        }

        if (!status.Ready)
        {
            yield return new("gateway.unready", Critical, "The gateway decides no calls", "settings")
            {
                Detail = status.Problem,
            };
        }

        if (status.Audit?.Fault is { } fault)
        {
            yield return new("audit.failing", Critical, "The audit log cannot be written", "settings")
            {
                Detail = fault,
            };
        }

        if (status.Audit is { FreeBytes: { } free, VolumeBytes: > 0 and { } size } && free < FreeShareMin * size)
        {
            yield return new("disk.filling", Warning, "The disk of the audit log is nearly full", "settings")
            {
                Detail = FormattableString.Invariant($"{free / MiB:N0} of {size / MiB:N0} MiB are free. ")
                    + "When the disk is full, every call is denied.",
            };
        }

        foreach (var (name, last) in status.Refusals.MissingFrontends)
        {
            yield return new("fleet.member_missing", Warning, $"The gateway {name} is missing", "settings")
            {
                About = name,
                Detail = "That gateway was killed, or is cut off from the store.",
                Since = last,
            };
        }

        foreach (var sink in status.Audit?.Sinks ?? [])
        {
            if (sink.Problem is { } problem)
            {
                yield return new(
                    "audit.sink_failing", Warning, $"The audit sink {sink.Name} accepts no records", "settings")
                {
                    About = sink.Name,
                    Detail = problem,
                };
            }
        }
    }

    private static IEnumerable<AttentionView> Store(StatusView status)
    {
        if (status.StoreProblem is { } lost)
        {
            yield return new(
                "gateway.unready", Critical,
                "Calls with limits or approvals are refused, and others are decided by the last known configuration",
                "settings")
            {
                About = "store",
                Detail = lost,
            };
        }
    }

    // A fault that stops every call is a condition of its own.
    private static IEnumerable<AttentionView> Unavailable(StatusView status) =>
        status is not { Unavailable: { } last, Ready: true, StoreProblem: null, Audit: null or { Fault: null } } ? []
        :
        [
            new("calls.unavailable", Critical, "Calls are refused although no rule or limit refuses them", "calls")
            {
                Detail = $"The last refused call was from {last.Grant} to {last.Server}, by {last.Rule}: {last.Reason}",
                Since = DateTimeOffset.FromUnixTimeMilliseconds(last.SinceMs),
            },
        ];

    private static IEnumerable<AttentionView> Pauses(StatusView status)
    {
        foreach (var (server, tool, pause) in status.Pauses?.Tools ?? [])
        {
            yield return Paused(
                new(
                    "tool.paused", Warning, $"The tool {tool} of {server} is paused",
                    $"catalogue/{server}/{Uri.EscapeDataString(tool)}")
                {
                    About = tool,
                    Server = server,
                },
                pause);
        }

        if (status.Pauses?.Grants is { Count: > 0 } grants)
        {
            yield return new(
                "grant.paused", Info, Spelling.Count(grants.Count, "grant is paused", "grants are paused"), "grants");
        }
        if (status.Pauses?.Subjects?.Count(static one => one.Status != "expires") is > 0 and var subjects)
        {
            yield return new(
                "caller.paused",
                Info, Spelling.Count(subjects, "caller is paused or revoked", "callers are paused or revoked"),
                "grants");
        }
    }

    private static IEnumerable<AttentionView> Refusing(StatusView status)
    {
        // A deliberate pause is an item of its own.
        bool IsActive(string server) => status.Pauses?.Gateway is null
            && status.ServerStates.FirstOrDefault(one => one.Name == server) is { Paused: false };

        foreach (var (server, refused) in status.Refusals.All.Where(one => IsActive(one.Server)))
        {
            yield return new("server.refusing", Warning, $"No call to {server} is allowed", $"servers/{server}")
            {
                Server = server,
                Detail = $"{Spelling.Count(refused, "call was", "calls were")} refused in 10 minutes, none allowed.",
            };
        }

        foreach (var (server, refused, before) in status.Refusals.Spikes.Where(one => IsActive(one.Server)))
        {
            yield return new("refusal.spike", Warning, $"Refusals of calls to {server} rose", $"servers/{server}")
            {
                Server = server,
                Detail = $"{Spelling.Count(refused, "call was", "calls were")} refused in 10 minutes, "
                    + FormattableString.Invariant($"{before:0.#} on average in the hour before."),
            };
        }
    }

    private static IEnumerable<AttentionView> Limits(StatusView status)
    {
        foreach (var limit in status.NearlyFull)
        {
            // An agent that reaches its own limit is the normal case; a budget is shared.
            var isBudget = limit.Server == CounterRatios.Budgets;
            var state = limit.Used >= limit.Max ? "used up" : "nearly used up";
            var whom = limit.Grant == "(all)" ? "" : $" by {limit.Grant}";
            yield return new(
                isBudget ? "budget.full" : "limit.full",
                isBudget ? Warning : Info,
                isBudget ? $"The budget {limit.Name} is {state}"
                    : $"The limit {limit.Name} of {limit.Server} is {state}",
                isBudget ? $"budgets/{limit.Name}" : limit.Grant == "(all)" ? "usage" : $"grants/{limit.Grant}")
            {
                About = $"{limit.Server}\n{limit.Grant}\n{limit.Name}\n{limit.Window}",
                Detail = FormattableString.Invariant($"{limit.Used} of {limit.Max} {Per(limit.Window)}{whom}"),
                Until = limit.Reset,
            };
        }
    }

    private static IEnumerable<AttentionView> Alerts(StatusView status) => status.FiringAlerts.Select(
        static one => new AttentionView("alert.firing", one.Severity, $"The alert {one.Name} fires", "settings/alerts")
        {
            About = one.Name,
            Server = one.Server,
            Detail = $"{one.Text}.",
            Since = one.Since,
        });

    private static IEnumerable<AttentionView> Configuration(StatusView status)
    {
        foreach (var problem in status.ControlProblems)
        {
            yield return new("object.rejected", Critical, "A stored object is not in effect", "settings")
            {
                About = problem,
                Detail = problem,
            };
        }

        if (status.Config is { InForce: false } file)
        {
            yield return file.IsWaiting
                ? new("config.waiting", Warning, "The configuration file changed and is not applied yet", "settings")
                : new("config.rejected", Critical, "The configuration file was rejected", "settings")
                {
                    Detail = string.Join("; ", file.Problems),
                };
        }

        if (status.Fleet is { } fleet)
        {
            yield return new(
                "fleet.differs", Warning, "The gateways of the fleet have different configuration files", "settings")
            {
                Since = fleet.Since,
                Detail = string.Join("; ", fleet.Differences.Select(static one =>
                    $"{one.Object} at {one.Frontend}" + (one.Effect is null ? "" : $": {one.Effect}"))),
            };
        }

        foreach (var warning in status.PolicyWarnings)
        {
            yield return new("policy.warning", Warning, "A policy probably does not do what was intended", "policies")
            {
                About = warning,
                Detail = warning,
            };
        }
    }

    private static IEnumerable<AttentionView> People(StatusView status)
    {
        if (status.ExpiringGrants is [var (name, expires), ..] expiring)
        {
            yield return new(
                "grant.expiring",
                expires - status.Now < TimeSpan.FromDays(1) ? Warning : Info,
                expiring.Count == 1 ? $"The grant {name} expires soon"
                    : $"{Spelling.Count(expiring.Count, "grant expires", "grants expire")} within a week",
                expiring.Count == 1 ? $"grants/{name}" : "grants")
            {
                Detail = $"{name} ends at {WrittenTime.Shown(expires)}.",
            };
        }

        if (status.ExpiredGrants is [var ended, ..] expired)
        {
            yield return new(
                "grant.expired",
                ended.IsUsed ? Warning : Info,
                expired.Count == 1 ? $"The grant {ended.Name} has expired"
                    : Spelling.Count(expired.Count, "grant has expired", "grants have expired"),
                expired.Count == 1 ? $"grants/{ended.Name}" : "grants")
            {
                Detail = $"{ended.Name} ended at {WrittenTime.Shown(ended.Expired)}"
                    + (ended.IsUsed ? ", and its token is still used; each call ends with 401. " : ". ")
                    + "Set a later expiry, or delete the grant.",
                Since = ended.Expired,
            };
        }

        if (status.Approvals is { Open: > 0 } approvals)
        {
            yield return new(
                "approval.waiting",
                Info, Spelling.Count(approvals.Open, "call waits for approval", "calls wait for approval"), "approvals")
            {
                Since = approvals.OldestAsked,
            };
        }
    }
}
