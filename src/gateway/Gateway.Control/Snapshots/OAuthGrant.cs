namespace Gateway.Control.Snapshots;

/// <summary>The owner of a grant for which a client signed in. The grant's own token is known to no one.</summary>
/// <param name="ClientId">The client.</param>
/// <param name="ClientName">The client's own name for itself; not verified.</param>
/// <param name="Operator">The operator who allowed it.</param>
/// <param name="OperatorId">The account's id.</param>
public sealed record OAuthGrant(string ClientId, string ClientName, string Operator, string OperatorId)
{
    /// <summary>
    /// True if the grant is for <c>/mcp</c>, all of its servers as one, and not for a server's own address.
    /// </summary>
    public bool IsOfAll { get; init; }
}
