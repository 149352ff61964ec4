namespace Gateway.Admin.Policies;

/// <summary>A draft to store.</summary>
/// <param name="Text">The document in progress; it need not be a valid policy yet.</param>
/// <param name="Base">The ETag of the policy on which it is based; null if there was none.</param>
internal sealed record PolicyDraftInput(string? Text = null, string? Base = null);
