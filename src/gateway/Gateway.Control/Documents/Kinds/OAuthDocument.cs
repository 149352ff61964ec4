namespace Gateway.Control.Documents.Kinds;

/// <summary>The gateway's account at a server's authorization server as the store keeps it.</summary>
public sealed record OAuthDocument
{
    /// <summary>The name of the gateway's account there.</summary>
    public required string ClientId { get; init; }

    /// <summary>The client's secret, sealed.</summary>
    public required string SealedSecret { get; init; }

    /// <summary>What it asks for, scopes with spaces between; null for what the server names.</summary>
    public string? Scope { get; init; }

    /// <summary>
    /// The authorization server that may have the secret; null for the one that the server first names.
    /// </summary>
    public string? Issuer { get; init; }
}
