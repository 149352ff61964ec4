namespace Gateway.Control.Documents.Kinds;

/// <summary>
/// An edit of a policy that is evaluated beside the published one, and decides for some grants or sessions.
/// </summary>
/// <param name="Text">The policy's document, as written.</param>
/// <param name="By">The operator who made it the candidate.</param>
/// <param name="At">The time at which this text became the candidate.</param>
/// <param name="Base">The ETag of the policy from which the edit started; null if it is unknown.</param>
/// <param name="Grants">The grants for which the candidate decides instead of the policy; null for none.</param>
/// <param name="Percent">The percentage of the sessions of all other grants for which it decides.</param>
/// <param name="Reason">The reason that the operator gave for this text; null if there is none.</param>
public sealed record CandidateDocument(
    string Text, string By, DateTimeOffset At, string? Base = null, IReadOnlyList<string>? Grants = null,
    int Percent = 0, string? Reason = null);
