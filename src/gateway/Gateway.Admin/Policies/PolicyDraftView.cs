namespace Gateway.Admin.Policies;

/// <summary>An edit that is kept and not in force.</summary>
/// <param name="Text">The document as it is being written; it need not be a policy.</param>
/// <param name="By">Whose edit.</param>
/// <param name="At">When it was kept.</param>
/// <param name="Base">The ETag of the policy that it began with; absent where there was none.</param>
internal sealed record PolicyDraftView(string Text, string By, DateTimeOffset At, string? Base);
