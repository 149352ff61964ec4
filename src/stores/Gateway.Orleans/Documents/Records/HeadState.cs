namespace Gateway.Orleans.Documents.Records;

/// <summary>
/// The one record that is compared and swapped: which body is in force. It is small, so that looking at it is cheap.
/// </summary>
[GenerateSerializer]
[Alias("gateway.control-head")]
internal sealed class HeadState
{
    /// <summary>The revision of the body.</summary>
    [Id(0)]
    public long Revision { get; set; }

    /// <summary>Of the write that made it, and the body's name: 32 hexadecimal digits.</summary>
    [Id(1)]
    public string Nonce { get; set; } = "";
}
