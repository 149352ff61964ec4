namespace Gateway.Admin.Channels;

/// <summary>What came of a test message.</summary>
/// <param name="Delivered">Whether the receiver took it.</param>
/// <param name="Problem">Why not; null where it did.</param>
internal sealed record ChannelTest(bool Delivered, string? Problem);
