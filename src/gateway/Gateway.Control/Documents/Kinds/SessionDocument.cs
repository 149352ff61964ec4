namespace Gateway.Control.Documents.Kinds;

/// <summary>A signed-in browser in the store; the document's name is the hash of the cookie's value.</summary>
public sealed record SessionDocument
{
    /// <summary>The operator's name.</summary>
    public required string Operator { get; init; }

    /// <summary>The account's id.</summary>
    public required string OperatorId { get; init; }

    /// <summary>The time of the sign-in.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>The time of its last request; it may lag a little behind.</summary>
    public required DateTimeOffset Seen { get; init; }

    /// <summary>The address from which the operator signed in.</summary>
    public string? From { get; init; }

    /// <summary>The browser's user agent.</summary>
    public string? Agent { get; init; }
}
