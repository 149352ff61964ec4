namespace Gateway.Control.Documents.Kinds;

/// <summary>
/// The passkeys of one operator in the store; the document's name is the operator's. They share one document, so that a
/// compare-and-swap protects their number, their counters and the single use of each challenge.
/// </summary>
public sealed record PasskeysDocument
{
    /// <summary>The account's id.</summary>
    public required string OperatorId { get; init; }

    /// <summary>The passkeys; each has a unique name and a unique id.</summary>
    public required IReadOnlyList<PasskeyDocument> Passkeys { get; init; }

    /// <summary>The hashes of used challenges, each until the challenge would have expired.</summary>
    public Dictionary<string, DateTimeOffset>? Answered { get; init; }
}
