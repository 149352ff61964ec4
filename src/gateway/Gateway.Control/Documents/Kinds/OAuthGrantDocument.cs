using Gateway.Control.Snapshots;

namespace Gateway.Control.Documents.Kinds;

/// <summary>Of a grant that a client signed in for: whose it is.</summary>
public sealed record OAuthGrantDocument
{
    /// <summary>The client.</summary>
    public required string ClientId { get; init; }

    /// <summary>As the client calls itself.</summary>
    public required string ClientName { get; init; }

    /// <summary>Who allowed it.</summary>
    public required string Operator { get; init; }

    /// <summary>The account's id.</summary>
    public required string OperatorId { get; init; }

    /// <summary>Whether it is for all of its servers as one; null where it is for one server's address.</summary>
    public bool? All { get; init; }

    /// <summary>As it is stored; null for none.</summary>
    public static OAuthGrantDocument? Of(OAuthGrant? grant) => grant is null ? null : new()
    {
        ClientId = grant.ClientId,
        ClientName = grant.ClientName,
        Operator = grant.Operator,
        OperatorId = grant.OperatorId,
        All = grant.IsOfAll ? true : null,
    };
}
