namespace Gateway.Control.Documents.Kinds;

/// <summary>
/// The passkeys of one operator as the store keeps them; the document's name is the operator's. All in one, so that a
/// compare-and-swap holds their number, their counters, and that a challenge is answered once.
/// </summary>
public sealed record PasskeysDocument
{
    /// <summary>The account's id.</summary>
    public required string OperatorId { get; init; }

    /// <summary>Each of a name and an id of its own.</summary>
    public required IReadOnlyList<PasskeyDocument> Passkeys { get; init; }

    /// <summary>Challenges that were answered, by their hash, until they would have ended.</summary>
    public Dictionary<string, DateTimeOffset>? Answered { get; init; }
}
