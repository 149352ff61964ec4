namespace Gateway.Orleans.Documents.Records;

/// <summary>
/// The only record that is updated by compare-and-swap; it selects the current body. It is small, so that reading it is
/// cheap.
/// </summary>
[GenerateSerializer]
[Alias("gateway.control-head")]
internal sealed class HeadState
{
    /// <summary>The revision of the body.</summary>
    [Id(0)]
    public long Revision { get; set; }

    /// <summary>Nonce of the write that made it, and the body's name: 32 hexadecimal digits.</summary>
    [Id(1)]
    public string Nonce { get; set; } = "";
}
