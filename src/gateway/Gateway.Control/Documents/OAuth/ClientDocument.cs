using System.Text.Json;

namespace Gateway.Control.Documents.OAuth;

/// <summary>
/// A client as the store keeps it: one that registered, or the last good copy of a client's own document.
/// </summary>
public sealed record ClientDocument
{
    /// <summary>The client's id; the document is named by its hash.</summary>
    public required string ClientId { get; init; }

    /// <summary>The client's own name for itself.</summary>
    public string? Name { get; init; }

    /// <summary>The URIs to which codes may be sent, compared as exact strings.</summary>
    public required IReadOnlyList<string> RedirectUris { get; init; }

    /// <summary>The client's authentication methods: <c>none</c>, a secret, or <c>private_key_jwt</c>.</summary>
    public IReadOnlyList<string> Methods { get; init; } = ["none"];

    /// <summary>The SHA-256 of the client's secret; null if it has none.</summary>
    public string? SecretHash { get; init; }

    /// <summary>The client's keys; null if it has none, or they are at <see cref="KeysUri"/>.</summary>
    public JsonElement? Keys { get; init; }

    /// <summary>The URI of the client's keys.</summary>
    public string? KeysUri { get; init; }

    /// <summary>True if its tokens must be bound to a key (RFC 9449, 5.2).</summary>
    public bool BoundTokens { get; init; }

    /// <summary>The time at which the client registered, or its document was read.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>The time at which an operator last allowed the client; null for never.</summary>
    public DateTimeOffset? Allowed { get; init; }
}
