namespace Gateway.Proxy.Upstreams.Messages;

/// <summary>A value of a message, as a slice of it, and its replacement.</summary>
internal readonly record struct ValueEdit(ReadOnlyMemory<byte> Old, ReadOnlyMemory<byte> New);
