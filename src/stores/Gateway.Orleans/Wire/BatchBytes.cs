namespace Gateway.Orleans.Wire;

/// <summary>
/// A batch message or its reply, in a binary format of the gateway: at a hundred requests per message, serializing each
/// as an Orleans object would cost more than deciding it.
/// </summary>
/// <param name="Content">The message; its first byte is the version of its format.</param>
[GenerateSerializer]
[Immutable]
[Alias("gateway.desk-bytes")]
internal readonly record struct BatchBytes([property: Id(0)] byte[] Content);
