namespace Gateway.Orleans.Storage;

/// <summary>A reservation as it lies in grain storage: plain text, whatever serializer the storage has.</summary>
[GenerateSerializer]
[Alias("gateway.reservation")]
internal sealed class ReservationState
{
    /// <summary>Start of the window, Unix milliseconds UTC.</summary>
    [Id(0)]
    public long WindowStartMs { get; set; }

    /// <summary>The first number that nobody has reserved, in 10^-9 units.</summary>
    [Id(1)]
    public string Reserved { get; set; } = "";

    /// <summary>Of the write that made it: 32 hexadecimal digits.</summary>
    [Id(2)]
    public string Nonce { get; set; } = "";
}
