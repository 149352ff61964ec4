namespace Gateway.Admin.Policies;

/// <summary>A policy in an overview; its own path has the document.</summary>
/// <param name="Name">The name of the policy.</param>
/// <param name="Sha256">The hash of the document's bytes, as in audit records.</param>
/// <param name="Origin"><c>file</c> or <c>api</c>.</param>
/// <param name="Grants">The grants that use it.</param>
/// <param name="Warnings">Settings that are allowed but probably unintended.</param>
internal sealed record PolicyView(
    string Name, string Sha256, string Origin, IReadOnlyList<string> Grants, IReadOnlyList<string>? Warnings = null)
{
    /// <summary>The version for <c>If-Match</c>, in lists; null for a policy from the file.</summary>
    public long? Version { get; init; }

    /// <summary>The candidate, in lists; absent if there is none.</summary>
    public CandidateView? Candidate { get; init; }
}

/// <summary>An edit that is evaluated beside the active policy, and decides for some grants or sessions.</summary>
/// <param name="Text">The edited document; absent in lists.</param>
/// <param name="Sha256">The hash of its bytes, as in records; absent if this release cannot read it.</param>
/// <param name="By">The operator who made it the candidate.</param>
/// <param name="At">The time at which this text became the candidate.</param>
/// <param name="Base">The ETag of the policy on which the edit is based.</param>
/// <param name="Grants">The grants for which it decides.</param>
/// <param name="Users">The grants that use the policy; absent in lists.</param>
/// <param name="Warnings">Settings that are allowed but probably unintended; absent unless it was set just now.</param>
internal sealed record CandidateView(
    string? Text, string? Sha256, string By, DateTimeOffset At, string? Base, IReadOnlyList<string> Grants,
    IReadOnlyList<string>? Users = null, IReadOnlyList<string>? Warnings = null)
{
    /// <summary>The version for <c>If-Match</c>, in lists.</summary>
    public long? Version { get; init; }

    /// <summary>The percentage of the sessions of all other grants for which it decides.</summary>
    public int Percent { get; init; }

    /// <summary>The reason that the operator gave for this text; absent if there is none.</summary>
    public string? Reason { get; init; }
}
