namespace Gateway.Policy.Documents;

/// <summary>The escalation of an approval request that nobody has answered for a while.</summary>
/// <param name="After">How long the request has been open by then; at least 1 s, and less than its lifetime.</param>
/// <param name="Channel">The name of the channel to notify, regardless of the channel's own subscriptions.</param>
public sealed record ApprovalEscalation(TimeSpan After, string Channel);
