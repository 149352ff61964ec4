namespace Gateway.Proxy.Approvals.Requests;

/// <summary>By whose leave a call went ahead, for the record.</summary>
/// <param name="Id">The approval of this very call; null where there was none.</param>
/// <param name="StandingId">The standing approval that it was one of the calls of; null where it was not.</param>
/// <param name="By">Who gave it.</param>
public sealed record UsedApproval(string? Id, string? StandingId, string? By);
