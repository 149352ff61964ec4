namespace Gateway.Proxy.Waiting;

/// <summary>What a call brought back that its client was shown a link for; a feature of its HTTP request.</summary>
/// <param name="Call">The digest of the call that was asked about.</param>
/// <param name="IsDeclined">Whether the client's person would not open the link.</param>
internal sealed record ApprovalRetry(string Call, bool IsDeclined);
