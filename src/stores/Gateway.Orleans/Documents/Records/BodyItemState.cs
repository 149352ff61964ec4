namespace Gateway.Orleans.Documents.Records;

/// <summary>One document in grain storage.</summary>
[GenerateSerializer]
[Alias("gateway.control-body-item")]
internal sealed class BodyItemState
{
    [Id(0)]
    public string Kind { get; set; } = "";

    /// <summary>The document's name within its kind.</summary>
    [Id(1)]
    public string Name { get; set; } = "";

    /// <summary>The revision that wrote the document.</summary>
    [Id(2)]
    public long Version { get; set; }

    [Id(3)]
    public byte[] Content { get; set; } = [];
}
