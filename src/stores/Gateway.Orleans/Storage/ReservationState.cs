namespace Gateway.Orleans.Storage;

/// <summary>A reservation as it lies in grain storage: plain text, whatever serializer the storage has.</summary>
[GenerateSerializer]
[Alias("gateway.reservation")]
internal sealed class ReservationState
{
    /// <summary>
    /// Start of the window, Unix milliseconds UTC; of a sliding limit, the owner's clock at the write.
    /// </summary>
    [Id(0)]
    public long WindowStartMs { get; set; }

    /// <summary>The first number that nobody has reserved, in 10^-9 units.</summary>
    [Id(1)]
    public string Reserved { get; set; } = "";

    /// <summary>Of the write that made it: 32 hexadecimal digits.</summary>
    [Id(2)]
    public string Nonce { get; set; } = "";

    /// <summary>A sliding limit's entries, or the end of a window of a time zone, base64; else null.</summary>
    [Id(3)]
    public string? Entries { get; set; }
}
