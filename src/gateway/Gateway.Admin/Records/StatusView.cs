using System.Text.Json.Serialization;
using Gateway.Admin.Pausing;
using Gateway.Control.Health;

namespace Gateway.Admin.Records;

/// <summary>The state of the gateway.</summary>
/// <param name="Version">The release.</param>
/// <param name="Ready">True if it decides calls.</param>
/// <param name="Problem">The reason why it does not.</param>
/// <param name="Servers">The number of registered servers.</param>
/// <param name="Policies">The number of policies.</param>
/// <param name="Grants">The number of grants, including paused and expired ones.</param>
/// <param name="Revision">The active revision of the control store.</param>
/// <param name="ControlProblems">Stored objects that are not active, with the reasons.</param>
/// <param name="Config">The configuration file; null if there is none.</param>
internal sealed record StatusView(
    string Version,
    bool Ready,
    string? Problem,
    int Servers,
    int Policies,
    int Grants,
    long Revision,
    IReadOnlyList<string> ControlProblems,
    ConfigView? Config)
{
    /// <summary>The start of this process.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>
    /// <c>not ready</c>; <c>paused</c> if every call is; <c>degraded</c> if another condition is critical; or
    /// <c>ready</c>.
    /// </summary>
    public string State => !Ready ? "not ready" : Pauses?.Gateway is not null ? "paused"
        : Attention.Any(static one => one.Severity == AttentionView.Critical) ? "degraded" : "ready";

    /// <summary>
    /// The reason why calls with limits or approvals are refused while others are decided by the last known
    /// configuration; null while none are.
    /// </summary>
    public string? StoreProblem { get; init; }

    /// <summary>The time of this gateway's clock.</summary>
    public DateTimeOffset Now { get; init; }

    /// <summary>Settings in stored policies that are allowed but probably unintended.</summary>
    public IReadOnlyList<string> PolicyWarnings { get; init; } = [];

    public EngineView? Engine { get; init; }

    public AuditStateView? Audit { get; init; }

    public IReadOnlyList<ServerStateView> ServerStates { get; init; } = [];

    /// <summary>Grants that this process refused in the last hour, the most refused first.</summary>
    public IReadOnlyList<RefusedGrantView> RefusedLastHour { get; init; } = [];

    public OpenApprovalsView? Approvals { get; init; }

    public PausesView? Pauses { get; init; }

    /// <summary>Everything that needs an operator's attention, the most severe first.</summary>
    public IReadOnlyList<AttentionView> Attention { get; init; } = [];

    /// <summary>
    /// Limits and budgets with a window of an hour or more of which at least 90 % are used, the fullest first, as of
    /// the latest call on each that this gateway decided.
    /// </summary>
    public IReadOnlyList<NearlyFullView> NearlyFull { get; init; } = [];

    /// <summary>Grants of operators that expire within a week, the first to expire first.</summary>
    [JsonIgnore]
    public IReadOnlyList<(string Name, DateTimeOffset Expires)> ExpiringGrants { get; init; } = [];

    /// <summary>Grants of operators that have expired, those that are still used first.</summary>
    [JsonIgnore]
    public IReadOnlyList<ExpiredGrant> ExpiredGrants { get; init; } = [];

    /// <summary>The issuers of tokens whose keys cannot be fetched.</summary>
    [JsonIgnore]
    public IReadOnlyList<(string Name, IssuerFault Fault)> UnavailableIssuers { get; init; } = [];

    /// <summary>The last call that was refused by a fault; null if there was none lately.</summary>
    [JsonIgnore]
    public UnavailableCall? Unavailable { get; init; }

    /// <summary>The refusals and the missing frontends of the fleet, as of the last minute.</summary>
    [JsonIgnore]
    public RefusalFigures Refusals { get; init; } = new([], [], []);

    /// <summary>The operators' alert rules that fire, as of the last minute.</summary>
    [JsonIgnore]
    public IReadOnlyList<FiringAlert> FiringAlerts { get; init; } = [];

    /// <summary>Differences between the fleet's configuration files; null while they agree.</summary>
    public FleetView? Fleet { get; init; }
}

/// <summary>The refusals of all frontends in the last 10 minutes, and the frontends that are missing.</summary>
/// <param name="All">The servers with more than 20 refused calls and no allowed one.</param>
/// <param name="Spikes">
/// The servers with more than 20 refused calls, a fifth of all or more, and more than five times as many as in an
/// average 10 minutes of the hour before.
/// </param>
/// <param name="MissingFrontends">The frontends that write nothing more and did not end in an orderly way.</param>
internal sealed record RefusalFigures(
    IReadOnlyList<(string Server, long Refused)> All,
    IReadOnlyList<(string Server, long Refused, double Before)> Spikes,
    IReadOnlyList<(string Name, DateTimeOffset Last)> MissingFrontends);

/// <summary>A grant that has expired.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Expired">Its expiry.</param>
/// <param name="IsUsed">True if a message with its token was refused since then.</param>
internal sealed record ExpiredGrant(string Name, DateTimeOffset Expired, bool IsUsed);

/// <summary>An alert rule whose value is above its threshold.</summary>
/// <param name="Name">The name of the rule.</param>
/// <param name="Severity"><c>critical</c>, <c>warning</c> or <c>info</c>.</param>
/// <param name="Text">The measurement in one sentence without a full stop.</param>
/// <param name="Server">The only server that it measures; null for all.</param>
/// <param name="Since">The time at which this gateway first measured a value above the threshold.</param>
internal sealed record FiringAlert(string Name, string Severity, string Text, string? Server, DateTimeOffset Since);

/// <summary>A limit or a budget that is nearly used up.</summary>
/// <param name="Name">The counter's name in the policy, or the budget's name.</param>
/// <param name="Server">The server; <c>(budgets)</c> for a budget.</param>
/// <param name="Grant">The grant; <c>(all)</c> if all grants share it.</param>
/// <param name="Window">The window.</param>
/// <param name="Used">The used amount, rounded to 15 digits.</param>
/// <param name="Max">The maximum of the window.</param>
/// <param name="Reset">The end of the window.</param>
internal sealed record NearlyFullView(
    string Name, string Server, string Grant, string Window, double Used, double Max, DateTimeOffset Reset);

/// <summary>The differences between the configuration files of the gateways that share the store.</summary>
/// <param name="Since">The time at which this gateway first saw a difference.</param>
/// <param name="Differences">The objects that differ.</param>
internal sealed record FleetView(DateTimeOffset Since, IReadOnlyList<FleetDifferenceView> Differences);

/// <summary>An object that differs in another gateway's configuration file.</summary>
/// <param name="Object">The object, as policies/NAME.</param>
/// <param name="Frontend">The other gateway.</param>
/// <param name="Effect">The consequence for limits; null if there is none.</param>
internal sealed record FleetDifferenceView(string Object, string Frontend, string? Effect);
