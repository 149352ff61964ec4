namespace Gateway.Orleans.Documents.Wire;

/// <summary>Entries of a topic.</summary>
/// <param name="Numbers">The requested entries that exist.</param>
/// <param name="Contents">The bytes of each.</param>
/// <param name="Problem">Reason why they are unknown; null if they are known.</param>
[GenerateSerializer]
[Immutable]
[Alias("gateway.archive-contents")]
public sealed record ArchiveContents(
    [property: Id(0)] long[] Numbers,
    [property: Id(1)] byte[][] Contents,
    [property: Id(2)] string? Problem);
