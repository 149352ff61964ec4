namespace Gateway.Admin.Policies;

/// <summary>A stored draft, which is not active.</summary>
/// <param name="Text">The document in progress; it need not be a valid policy.</param>
/// <param name="By">The author.</param>
/// <param name="At">The time of storing.</param>
/// <param name="Base">The ETag of the policy on which it is based; absent if there was none.</param>
internal sealed record PolicyDraftView(string Text, string By, DateTimeOffset At, string? Base);
