namespace Gateway.Control.Snapshots;

/// <summary>Of a grant that a client signed in for: whose it is. Its own token is known to nobody.</summary>
/// <param name="ClientId">The client.</param>
/// <param name="ClientName">As the client calls itself; nobody has checked that.</param>
/// <param name="Operator">Who allowed it.</param>
/// <param name="OperatorId">The account's id.</param>
public sealed record OAuthGrant(string ClientId, string ClientName, string Operator, string OperatorId)
{
    /// <summary>
    /// Whether it is for <c>/mcp</c>, all of its servers as one, and not for a server's own address.
    /// </summary>
    public bool IsOfAll { get; init; }
}
