using Gateway.Policy.Json;

namespace Gateway.Policy.Documents;

/// <summary>
/// The caller of a test or of an example call, as written. One with only headers has an empty issuer and subject.
/// </summary>
internal sealed record CallerDocument(string Issuer, string Subject)
{
    public string? Client { get; init; }

    /// <summary>The subject of <c>act</c>.</summary>
    public string? Actor { get; init; }

    /// <summary>An object of texts; null for a connection that is not of a trusted proxy.</summary>
    public JsonNode? Headers { get; init; }

    /// <summary>An object; null for a token without further claims.</summary>
    public JsonNode? Claims { get; init; }
}
