namespace Gateway.Orleans.Documents.Wire;

/// <summary>One document.</summary>
/// <param name="Kind">The document's kind.</param>
/// <param name="Name">The document's name within its kind.</param>
/// <param name="Version">The revision that wrote it.</param>
/// <param name="Content">The document's bytes, which never change; null if the caller already has them.</param>
[GenerateSerializer]
[Immutable]
[Alias("gateway.control-item")]
public sealed record ControlItem(
    [property: Id(0)] string Kind,
    [property: Id(1)] string Name,
    [property: Id(2)] long Version,
    [property: Id(3)] byte[]? Content);
