namespace Gateway.Admin.Policies;

/// <summary>An edit that is judged beside the policy in force, and decides for some grants.</summary>
/// <param name="Text">The edited document; absent in lists.</param>
/// <param name="Sha256">The hash of its bytes, as records name it; absent where this release cannot read it.</param>
/// <param name="By">Who made it the candidate.</param>
/// <param name="At">When this text became it.</param>
/// <param name="Base">The ETag of the policy that the edit began with.</param>
/// <param name="Grants">The grants for which it decides.</param>
/// <param name="Users">The grants that use the policy; absent in lists.</param>
/// <param name="Warnings">What is allowed in it and probably not meant; absent unless it was set just now.</param>
internal sealed record CandidateView(
    string? Text, string? Sha256, string By, DateTimeOffset At, string? Base, IReadOnlyList<string> Grants,
    IReadOnlyList<string>? Users = null, IReadOnlyList<string>? Warnings = null)
{
    /// <summary>The version for <c>If-Match</c>, in lists.</summary>
    public long? Version { get; init; }
}
