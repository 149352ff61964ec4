namespace Gateway.Orleans.Documents.Wire;

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
