namespace Gateway.Proxy.Upstreams.Messages;

/// <summary>One message for an answer.</summary>
/// <param name="Bytes">The message, on one line.</param>
/// <param name="IsLast">Whether it answers the request, so that nothing follows.</param>
/// <param name="ErrorCode">Its JSON-RPC error code; null where it is no error.</param>
internal sealed record QueuedMessage(ReadOnlyMemory<byte> Bytes, bool IsLast, int? ErrorCode);
