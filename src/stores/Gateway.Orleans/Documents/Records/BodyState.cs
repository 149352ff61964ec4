namespace Gateway.Orleans.Documents.Records;

/// <summary>Every document as of one revision; written once under a name of its own, and never changed.</summary>
[GenerateSerializer]
[Alias("gateway.control-body")]
internal sealed class BodyState
{
    /// <summary>The revision.</summary>
    [Id(0)]
    public long Revision { get; set; }

    /// <summary>The documents, in the order of their keys.</summary>
    [Id(1)]
    public BodyItemState[] Items { get; set; } = [];

    /// <summary>Of the last changes, in their order, the last of this revision: 32 hexadecimal digits each.</summary>
    [Id(2)]
    public string[] Changes { get; set; } = [];
}
