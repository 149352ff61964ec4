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
}
