namespace Gateway.Orleans.Wire;

/// <summary>
/// A message to a desk or its reply. Bytes of a format of our own: at a hundred questions a message, writing each as an
/// object of Orleans' would cost more than deciding it.
/// </summary>
/// <param name="Content">The message; its first byte is the version of its format.</param>
[GenerateSerializer]
[Immutable]
[Alias("gateway.desk-bytes")]
internal readonly record struct BatchBytes([property: Id(0)] byte[] Content);
