namespace Gateway.Admin.Policies;

/// <summary>An edit to judge beside the policy in force.</summary>
/// <param name="Text">The edited document; null keeps that of the candidate, and changes for whom it decides.</param>
/// <param name="Base">The ETag of the policy that the edit began with; null where that is not known.</param>
/// <param name="Grants">Grants for which it decides instead of the policy; null or none: it only judges beside.</param>
internal sealed record CandidateInput(
    string? Text = null, string? Base = null, IReadOnlyList<string>? Grants = null);
