namespace Gateway.Policy.Documents;

/// <summary>Whom a request is told to once nobody has answered it for a while.</summary>
/// <param name="After">How long it has been open by then; from 1 s, and less than it stays open.</param>
/// <param name="Channel">The channel's name; what the channel is told of otherwise does not matter.</param>
public sealed record ApprovalEscalation(TimeSpan After, string Channel);
