using Gateway.Orleans.Documents.Wire;

namespace Gateway.Orleans.Documents.Records;

/// <summary>The index of a topic of the archive; the topic's only record that is updated by compare-and-swap.</summary>
[GenerateSerializer]
[Alias("gateway.archive-index")]
internal sealed class ArchiveIndexState
{
    /// <summary>The entries, greatest number first.</summary>
    [Id(0)]
    public ArchiveShelfItem[] Items { get; set; } = [];
}
