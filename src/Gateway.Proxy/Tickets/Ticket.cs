using Gateway.Proxy.Forwarding;

namespace Gateway.Proxy.Tickets;

/// <summary>A ticket that one retry has redeemed.</summary>
/// <param name="book">Where it was kept.</param>
/// <param name="name">The digest of its call.</param>
/// <param name="grant">Whose it was.</param>
/// <param name="expiresMs">When it would have been over, Unix milliseconds.</param>
internal sealed class Ticket(TicketBook book, string name, string grant, long expiresMs) : IVoucher
{
    public ValueTask PutBackAsync() => book.AddAsync(name, grant, expiresMs);
}
