namespace Gateway.Proxy.Upstreams.Messages;

/// <summary>One message of a response.</summary>
/// <param name="Bytes">The message, on one line.</param>
/// <param name="IsLast">True if it is the final response to the request.</param>
/// <param name="ErrorCode">Its JSON-RPC error code; null if it is not an error.</param>
internal sealed record QueuedMessage(ReadOnlyMemory<byte> Bytes, bool IsLast, int? ErrorCode);
