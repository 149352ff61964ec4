namespace Gateway.Orleans.Documents.Records;

/// <summary>The bytes of one entry of the archive.</summary>
[GenerateSerializer]
[Alias("gateway.archive-entry")]
internal sealed class ArchiveEntryState
{
    [Id(0)]
    public byte[] Content { get; set; } = [];
}
