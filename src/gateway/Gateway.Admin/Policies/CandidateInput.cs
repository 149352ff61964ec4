namespace Gateway.Admin.Policies;

/// <summary>An edit to evaluate beside the active policy.</summary>
/// <param name="Text">The edited document; null keeps the candidate's, and changes only the grants.</param>
/// <param name="Base">The ETag of the policy on which the edit is based; null if unknown.</param>
/// <param name="Grants">The grants for which it decides instead of the policy; null or none: it is only
/// evaluated.</param>
/// <param name="Percent">The percentage of the sessions of all other grants for which it decides, 0 to 100; null for
/// none. A session keeps its policy; calls without a session are assigned by caller.</param>
internal sealed record CandidateInput(
    string? Text = null, string? Base = null, IReadOnlyList<string>? Grants = null, int? Percent = null);
