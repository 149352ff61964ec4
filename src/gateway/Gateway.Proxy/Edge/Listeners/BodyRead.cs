namespace Gateway.Proxy.Edge.Listeners;

/// <summary>How the reading of a request's body ended.</summary>
/// <param name="Body">What was read; empty unless it was read whole.</param>
/// <param name="Held">Bytes of the memory budget that are held for it, to be given back by the caller.</param>
/// <param name="End">How it ended.</param>
public readonly record struct BodyRead(ReadOnlyMemory<byte> Body, long Held, BodyEnd End);
