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

/// <summary>An archive entry without its bytes; also stored in this form in grain storage.</summary>
[GenerateSerializer]
[Alias("gateway.archive-shelf-item")]
public sealed class ArchiveShelfItem
{
    /// <summary>The entry's number.</summary>
    [Id(0)]
    public long Number { get; set; }

    /// <summary>Length of the entry in bytes.</summary>
    [Id(1)]
    public int Bytes { get; set; }

    /// <summary>SHA-256 of the entry's bytes.</summary>
    [Id(2)]
    public string Sha256 { get; set; } = "";
}
