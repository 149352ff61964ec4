using Gateway.Control.Snapshots;

namespace Gateway.Control.Documents.Kinds;

/// <summary>The owner and the client of a grant that a client signed in for.</summary>
public sealed record OAuthGrantDocument
{
    /// <summary>The client's id.</summary>
    public required string ClientId { get; init; }

    /// <summary>The client's name for itself.</summary>
    public required string ClientName { get; init; }

    /// <summary>The name of the operator who allowed it.</summary>
    public required string Operator { get; init; }

    /// <summary>The id of the operator's account.</summary>
    public required string OperatorId { get; init; }

    /// <summary>
    /// True if the grant is for all of its servers together; null if it is for the address of one server.
    /// </summary>
    public bool? All { get; init; }

    /// <summary>Returns the stored form; null if there is no sign-in.</summary>
    public static OAuthGrantDocument? Of(OAuthGrant? grant) => grant is null ? null : new()
    {
        ClientId = grant.ClientId,
        ClientName = grant.ClientName,
        Operator = grant.Operator,
        OperatorId = grant.OperatorId,
        All = grant.IsOfAll ? true : null,
    };
}
