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
}
