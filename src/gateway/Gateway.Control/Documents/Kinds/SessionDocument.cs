namespace Gateway.Control.Documents.Kinds;

/// <summary>A signed-in browser as the store keeps it; the document's name is the hash of what its cookie holds.
/// </summary>
public sealed record SessionDocument
{
    /// <summary>Whose it is.</summary>
    public required string Operator { get; init; }

    /// <summary>The account's id.</summary>
    public required string OperatorId { get; init; }

    /// <summary>When it was signed in.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>Its last request, or somewhat before.</summary>
    public required DateTimeOffset Seen { get; init; }

    /// <summary>The address that signed in.</summary>
    public string? From { get; init; }

    /// <summary>What the browser called itself.</summary>
    public string? Agent { get; init; }
}
