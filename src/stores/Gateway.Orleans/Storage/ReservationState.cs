namespace Gateway.Orleans.Storage;

/// <summary>A reservation in grain storage, as plain text, independent of the storage's serializer.</summary>
[GenerateSerializer]
[Alias("gateway.reservation")]
internal sealed class ReservationState
{
    /// <summary>
    /// Start of the window, Unix milliseconds UTC; for a sliding limit, the owner's clock at the write.
    /// </summary>
    [Id(0)]
    public long WindowStartMs { get; set; }

    /// <summary>The first unreserved number, in 10^-9 units.</summary>
    [Id(1)]
    public string Reserved { get; set; } = "";

    /// <summary>Nonce of the write that made it: 32 hexadecimal digits.</summary>
    [Id(2)]
    public string Nonce { get; set; } = "";

    /// <summary>A sliding limit's entries, or the end of a window in a time zone, in Base64; otherwise null.</summary>
    [Id(3)]
    public string? Entries { get; set; }
}
