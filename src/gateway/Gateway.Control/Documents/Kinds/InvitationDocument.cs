namespace Gateway.Control.Documents.Kinds;

/// <summary>An invitation for an operator in the store, without the token in its link.</summary>
public sealed record InvitationDocument
{
    /// <summary>The SHA-256 of the token in the link.</summary>
    public required string TokenHash { get; init; }

    /// <summary>
    /// The id of the account that it creates. A passkey contains it, and is created before the account.
    /// </summary>
    public required string OperatorId { get; init; }

    /// <summary>The person's name as the inviter wrote it.</summary>
    public string? DisplayName { get; init; }

    /// <summary>The roles of the account, each <c>ROLE</c> or <c>ROLE:SERVER</c>.</summary>
    public required IReadOnlyList<string> Roles { get; init; }

    /// <summary>The operator who invites.</summary>
    public required string By { get; init; }

    /// <summary>The id of the inviter's account; null for the administrator's key.</summary>
    public string? ById { get; init; }

    /// <summary>The time of creation.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>The expiry.</summary>
    public required DateTimeOffset Expires { get; init; }

    /// <summary>True from the moment at which somebody used the link, before the account is created.</summary>
    public bool Used { get; init; }
}
