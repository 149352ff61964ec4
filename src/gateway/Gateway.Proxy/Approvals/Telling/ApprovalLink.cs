namespace Gateway.Proxy.Approvals.Telling;

/// <summary>What a link in a message stands for.</summary>
/// <param name="ApprovalId">The request.</param>
/// <param name="Channel">The channel that had the message.</param>
/// <param name="ExpiresMs">From then on it is none, Unix milliseconds.</param>
public readonly record struct ApprovalLink(string ApprovalId, string Channel, long ExpiresMs);
