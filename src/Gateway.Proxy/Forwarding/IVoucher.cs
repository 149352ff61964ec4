namespace Gateway.Proxy.Forwarding;

/// <summary>Something that lets one call through once and was used up for it: an approval, or a ticket.</summary>
internal interface IVoucher
{
    /// <summary>No byte of the call was written: it may be used again.</summary>
    ValueTask PutBackAsync();
}
