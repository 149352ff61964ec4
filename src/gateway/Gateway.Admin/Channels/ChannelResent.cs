namespace Gateway.Admin.Channels;

/// <summary>The result of sending dead messages again.</summary>
/// <param name="Count">The number of messages to retry: those whose request is still open.</param>
internal sealed record ChannelResent(int Count);
