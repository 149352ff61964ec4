namespace Gateway.Admin.Policies;

/// <summary>A policy as lists show it; the document itself is at its own address.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Sha256">The hash of the document's bytes, as audit records name it.</param>
/// <param name="Origin"><c>file</c> or <c>api</c>.</param>
/// <param name="Grants">Who uses it.</param>
/// <param name="Warnings">What is allowed in it and probably not meant.</param>
internal sealed record PolicyView(
    string Name, string Sha256, string Origin, IReadOnlyList<string> Grants, IReadOnlyList<string>? Warnings = null)
{
    /// <summary>The version for <c>If-Match</c>, in lists; null for what the file provisions.</summary>
    public long? Version { get; init; }

    /// <summary>The edit that is judged beside it, in lists; absent where there is none.</summary>
    public CandidateView? Candidate { get; init; }
}
