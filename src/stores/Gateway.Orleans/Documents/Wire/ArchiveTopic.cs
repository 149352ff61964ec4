namespace Gateway.Orleans.Documents.Wire;

/// <summary>The index of a topic.</summary>
/// <param name="Items">The entries, greatest number first.</param>
/// <param name="Problem">Reason why it is unknown; null if it is known.</param>
[GenerateSerializer]
[Immutable]
[Alias("gateway.archive-shelf")]
public sealed record ArchiveTopic(
    [property: Id(0)] ArchiveShelfItem[] Items,
    [property: Id(1)] string? Problem);
