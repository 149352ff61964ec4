namespace Gateway.Orleans.Documents.Records;

/// <summary>One document as it lies in grain storage.</summary>
[GenerateSerializer]
[Alias("gateway.control-body-item")]
internal sealed class BodyItemState
{
    /// <summary>Its kind.</summary>
    [Id(0)]
    public string Kind { get; set; } = "";

    /// <summary>Its name within the kind.</summary>
    [Id(1)]
    public string Name { get; set; } = "";

    /// <summary>The revision that wrote it.</summary>
    [Id(2)]
    public long Version { get; set; }

    /// <summary>Its bytes.</summary>
    [Id(3)]
    public byte[] Content { get; set; } = [];
}
