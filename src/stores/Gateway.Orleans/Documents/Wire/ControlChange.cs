namespace Gateway.Orleans.Documents.Wire;

/// <summary>A document to be written or deleted.</summary>
/// <param name="Nonce">Of this change, the same each time that it is asked for.</param>
/// <param name="Kind">The document's kind.</param>
/// <param name="Name">Its name within the kind.</param>
/// <param name="ExpectedVersion">The version that is replaced; 0 where there must be none.</param>
/// <param name="Content">What is written; null to delete.</param>
[GenerateSerializer]
[Immutable]
[Alias("gateway.control-change")]
public sealed record ControlChange(
    [property: Id(0)] UInt128 Nonce,
    [property: Id(1)] string Kind,
    [property: Id(2)] string Name,
    [property: Id(3)] long ExpectedVersion,
    [property: Id(4)] byte[]? Content);
