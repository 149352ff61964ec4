namespace Gateway.Proxy.Calls;

/// <summary>
/// The state that the gateway sealed for a client with a link to an approval and that a retry sent back.
/// </summary>
/// <param name="Call">The digest of the call that needs the approval.</param>
/// <param name="IsDeclined">True if the client's user declined to open the link.</param>
internal sealed record ApprovalRetry(string Call, bool IsDeclined);
