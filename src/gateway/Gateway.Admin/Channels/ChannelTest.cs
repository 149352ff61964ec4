namespace Gateway.Admin.Channels;

/// <summary>The result of a test message.</summary>
/// <param name="Delivered">True if the receiver accepted it.</param>
/// <param name="Problem">The reason for a failure; null on success.</param>
internal sealed record ChannelTest(bool Delivered, string? Problem);
