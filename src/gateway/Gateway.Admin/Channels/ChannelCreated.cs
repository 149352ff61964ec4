namespace Gateway.Admin.Channels;

/// <summary>A channel that was added, or whose secret was rotated.</summary>
/// <param name="Channel">The channel after the change.</param>
/// <param name="Secret">The secret with which a webhook's receiver verifies messages, shown only here; null for
/// others.</param>
internal sealed record ChannelCreated(ChannelView Channel, string? Secret);
