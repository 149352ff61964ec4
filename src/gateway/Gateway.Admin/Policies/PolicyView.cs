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
