namespace Gateway.Orleans.Documents.Wire;

/// <summary>Entries of a shelf.</summary>
/// <param name="Numbers">Those that are there, of what was asked for.</param>
/// <param name="Contents">The bytes of each.</param>
/// <param name="Problem">Why they are not known; null where they are.</param>
[GenerateSerializer]
[Immutable]
[Alias("gateway.archive-contents")]
public sealed record ArchiveContents(
    [property: Id(0)] long[] Numbers,
    [property: Id(1)] byte[][] Contents,
    [property: Id(2)] string? Problem);
