using Gateway.Admin.Pausing;

namespace Gateway.Admin.Records;

/// <summary>How the gateway stands.</summary>
/// <param name="Version">The release.</param>
/// <param name="Ready">Whether it decides calls now.</param>
/// <param name="Problem">Why not.</param>
/// <param name="Servers">How many are registered.</param>
/// <param name="Policies">How many there are.</param>
/// <param name="Grants">How many there are, paused and expired ones too.</param>
/// <param name="Revision">The control store's revision that is in force.</param>
/// <param name="ControlProblems">What is stored and not in force, and why.</param>
/// <param name="Config">The configuration file; null where there is none.</param>
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
    /// <summary>When this process began.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>This gateway's clock.</summary>
    public DateTimeOffset Now { get; init; }

    /// <summary>What is allowed in policies that came over the API and probably not meant.</summary>
    public IReadOnlyList<string> PolicyWarnings { get; init; } = [];

    public EngineView? Engine { get; init; }

    public AuditStateView? Audit { get; init; }

    public IReadOnlyList<ServerStateView> ServerStates { get; init; } = [];

    /// <summary>Grants that this process refused in the last hour, the most refused first.</summary>
    public IReadOnlyList<RefusedGrantView> RefusedLastHour { get; init; } = [];

    public OpenApprovalsView? Approvals { get; init; }

    public PausesView? Pauses { get; init; }

    /// <summary>Everything that needs a person, the most severe first.</summary>
    public IReadOnlyList<AttentionView> Attention { get; init; } = [];

    /// <summary>Configuration files that differ in the fleet; null while they agree.</summary>
    public FleetView? Fleet { get; init; }
}

/// <summary>How the configuration files of the gateways that share the store differ.</summary>
/// <param name="Since">When this gateway first saw a difference.</param>
/// <param name="Differences">Each object that another gateway has differently.</param>
internal sealed record FleetView(DateTimeOffset Since, IReadOnlyList<FleetDifferenceView> Differences);

/// <summary>An object that another gateway's configuration file has differently.</summary>
/// <param name="Object">The object, as policies/NAME.</param>
/// <param name="Frontend">The other gateway.</param>
/// <param name="Effect">The consequence for limits; null where there is none.</param>
internal sealed record FleetDifferenceView(string Object, string Frontend, string? Effect);
