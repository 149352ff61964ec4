using Gateway.Orleans.Documents.Wire;

namespace Gateway.Orleans.Documents.Records;

/// <summary>What is on a shelf of the archive; the one record of it that is compared and swapped.</summary>
[GenerateSerializer]
[Alias("gateway.archive-index")]
internal sealed class ArchiveIndexState
{
    /// <summary>The greatest number first.</summary>
    [Id(0)]
    public ArchiveShelfItem[] Items { get; set; } = [];
}
