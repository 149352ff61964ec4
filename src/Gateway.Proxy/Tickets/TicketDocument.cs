namespace Gateway.Proxy.Tickets;

/// <summary>The tickets for one call, as the control store keeps them under the call's digest.</summary>
/// <param name="Grant">Whose they are.</param>
/// <param name="Expires">
/// One instant a ticket, Unix milliseconds: equal calls that were each paid have one each.
/// </param>
internal sealed record TicketDocument(string Grant, IReadOnlyList<long> Expires);
