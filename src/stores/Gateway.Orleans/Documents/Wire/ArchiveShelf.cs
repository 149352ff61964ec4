namespace Gateway.Orleans.Documents.Wire;

/// <summary>What is on a shelf.</summary>
/// <param name="Items">The greatest number first.</param>
/// <param name="Problem">Why it is not known; null where it is.</param>
[GenerateSerializer]
[Immutable]
[Alias("gateway.archive-shelf")]
public sealed record ArchiveShelf(
    [property: Id(0)] ArchiveShelfItem[] Items,
    [property: Id(1)] string? Problem);
