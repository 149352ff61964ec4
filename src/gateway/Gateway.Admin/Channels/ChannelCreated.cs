namespace Gateway.Admin.Channels;

/// <summary>A channel that was added, or whose secret was rotated.</summary>
/// <param name="Channel">As it is since.</param>
/// <param name="Secret">What a webhook's receiver checks messages with, shown only here; null for others.</param>
internal sealed record ChannelCreated(ChannelView Channel, string? Secret);
