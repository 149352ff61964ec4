namespace Gateway.Orleans.Documents.Wire;

/// <summary>One document.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Name">Its name within the kind.</param>
/// <param name="Version">The revision that wrote it.</param>
/// <param name="Content">Its bytes, never changed; null where the asker has them.</param>
[GenerateSerializer]
[Immutable]
[Alias("gateway.control-item")]
public sealed record ControlItem(
    [property: Id(0)] string Kind,
    [property: Id(1)] string Name,
    [property: Id(2)] long Version,
    [property: Id(3)] byte[]? Content);
