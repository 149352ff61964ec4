using Gateway.Proxy.Forwarding;

namespace Gateway.Proxy.Tickets;

/// <summary>A ticket that one retry has redeemed.</summary>
/// <param name="book">Where it was kept.</param>
/// <param name="name">The digest of its call.</param>
/// <param name="grant">Whose it was.</param>
/// <param name="kept">What was kept.</param>
internal sealed class Ticket(TicketBook book, string name, string grant, KeptTicket kept) : IVoucher
{
    /// <summary>How many retries have gone free before this one since the call that was counted.</summary>
    public int Round => kept.Round;

    public ValueTask PutBackAsync() => book.AddAsync(name, grant, kept);
}
