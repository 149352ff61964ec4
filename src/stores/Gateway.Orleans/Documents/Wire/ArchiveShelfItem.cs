namespace Gateway.Orleans.Documents.Wire;

/// <summary>An entry, without its bytes; so it also lies in grain storage.</summary>
[GenerateSerializer]
[Alias("gateway.archive-shelf-item")]
public sealed class ArchiveShelfItem
{
    /// <summary>Its number.</summary>
    [Id(0)]
    public long Number { get; set; }

    /// <summary>How long it is.</summary>
    [Id(1)]
    public int Bytes { get; set; }

    /// <summary>The hash of its bytes.</summary>
    [Id(2)]
    public string Sha256 { get; set; } = "";
}
