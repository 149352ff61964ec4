namespace Gateway.Policy.Decisions;

/// <summary>
/// The verified identity of the person or program that makes a call, from a token of a configured issuer. A call with a
/// grant's own token has none.
/// </summary>
public sealed record Caller
{
    /// <summary>The name of the issuer in the configuration; not its URL.</summary>
    public required string Issuer { get; init; }

    /// <summary>
    /// The value of the issuer's subject claim, compared exactly. If the issuer names several claims, their values as
    /// a JSON array of strings.
    /// </summary>
    public required string Subject { get; init; }

    /// <summary>
    /// The OAuth client: <c>client_id</c> (RFC 9068, 2.2) or <c>azp</c>; null if the token names none.
    /// </summary>
    public string? Client { get; init; }

    /// <summary>
    /// The <c>sub</c> of the outermost <c>act</c> claim: the party that acts for the subject (RFC 8693, 4.1).
    /// </summary>
    public string? Actor { get; init; }

    /// <summary>A digest of the subject that records contain instead; null if they contain the subject.</summary>
    public string? RecordedSubject { get; init; }

    /// <summary>The same for <see cref="Actor"/>.</summary>
    public string? RecordedActor { get; init; }

    /// <summary>The headers of a made-up caller; null for a verified one.</summary>
    internal IReadOnlyList<KeyValuePair<string, string>>? Headers { get; init; }

    /// <summary>The claims of the token: one JSON object in UTF-8, as signed, without duplicate names.</summary>
    public ReadOnlyMemory<byte> Claims { get; init; }
}
