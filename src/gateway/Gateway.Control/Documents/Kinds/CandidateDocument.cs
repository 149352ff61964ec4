namespace Gateway.Control.Documents.Kinds;

/// <summary>An edit of a policy that is evaluated beside the one in force, and decides for some grants.</summary>
/// <param name="Text">The policy's document, as written.</param>
/// <param name="By">Who made it the candidate.</param>
/// <param name="At">When this text became it.</param>
/// <param name="Base">The ETag of the policy that the edit began with; null where that is not known.</param>
/// <param name="Grants">Grants for which it decides instead of the policy; null for none.</param>
public sealed record CandidateDocument(
    string Text, string By, DateTimeOffset At, string? Base = null, IReadOnlyList<string>? Grants = null);
