namespace Gateway.Admin.Channels;

/// <summary>What came of sending dead messages again.</summary>
/// <param name="Count">How many are tried anew: those whose request still waits.</param>
internal sealed record ChannelResent(int Count);
