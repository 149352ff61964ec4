namespace Gateway.Proxy.Approvals.Requests;

/// <summary>The approval under which a call proceeded, for the record.</summary>
/// <param name="Id">The id of the approval of exactly this call; null if there was none.</param>
/// <param name="StandingId">The id of the standing approval that covered it; null if none did.</param>
/// <param name="By">The name of the person who approved.</param>
public sealed record UsedApproval(string? Id, string? StandingId, string? By);
