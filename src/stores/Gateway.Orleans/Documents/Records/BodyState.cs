namespace Gateway.Orleans.Documents.Records;

/// <summary>All documents at one revision; written once under a unique name and never changed.</summary>
[GenerateSerializer]
[Alias("gateway.control-body")]
internal sealed class BodyState
{
    [Id(0)]
    public long Revision { get; set; }

    /// <summary>The documents, in the order of their keys.</summary>
    [Id(1)]
    public BodyItemState[] Items { get; set; } = [];

    /// <summary>
    /// Nonces of the last changes in order, ending with the change of this revision; 32 hexadecimal digits each.
    /// </summary>
    [Id(2)]
    public string[] Changes { get; set; } = [];
}
