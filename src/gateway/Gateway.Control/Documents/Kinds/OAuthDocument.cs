namespace Gateway.Control.Documents.Kinds;

/// <summary>The gateway's account at a server's authorization server as the store keeps it.</summary>
public sealed record OAuthDocument
{
    public required string ClientId { get; init; }

    /// <summary>The client's secret, sealed.</summary>
    public required string SealedSecret { get; init; }

    public string? Scope { get; init; }

    public string? Issuer { get; init; }
}
