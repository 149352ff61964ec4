namespace Gateway.Admin.Policies;

/// <summary>An edit to keep.</summary>
/// <param name="Text">The document as it is being written; it need not be a policy yet.</param>
/// <param name="Base">The ETag of the policy that it began with; null where there was none.</param>
internal sealed record PolicyDraftInput(string? Text = null, string? Base = null);
