namespace Gateway.Proxy.Approvals.Notices;

/// <summary>The content of a link in a message.</summary>
/// <param name="ApprovalId">The id of the request.</param>
/// <param name="Channel">The channel that received the message.</param>
/// <param name="ExpiresMs">The time of its expiry, in Unix milliseconds.</param>
public readonly record struct ApprovalLink(string ApprovalId, string Channel, long ExpiresMs);
