namespace Gateway.Orleans.Documents.Wire;

/// <summary>A document to write or delete.</summary>
/// <param name="Nonce">Nonce of this change, the same in each retry.</param>
/// <param name="Kind">The document's kind.</param>
/// <param name="Name">The document's name within its kind.</param>
/// <param name="ExpectedVersion">The version to replace; 0 if the document must not exist.</param>
/// <param name="Content">The content to write; null to delete.</param>
[GenerateSerializer]
[Immutable]
[Alias("gateway.control-change")]
public sealed record ControlChange(
    [property: Id(0)] UInt128 Nonce,
    [property: Id(1)] string Kind,
    [property: Id(2)] string Name,
    [property: Id(3)] long ExpectedVersion,
    [property: Id(4)] byte[]? Content);
