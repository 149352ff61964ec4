using System.Text.Json;

namespace Gateway.Control.Documents.OAuth;

/// <summary>A client as the store keeps it: one that registered, or the last good copy of a client's own document.
/// </summary>
public sealed record ClientDocument
{
    /// <summary>The client's id; the document is named by its hash.</summary>
    public required string ClientId { get; init; }

    /// <summary>As it calls itself.</summary>
    public string? Name { get; init; }

    /// <summary>Where codes may be sent, compared as they are.</summary>
    public required IReadOnlyList<string> RedirectUris { get; init; }

    /// <summary>How it proves to be itself: <c>none</c>, a secret, or <c>private_key_jwt</c>.</summary>
    public IReadOnlyList<string> Methods { get; init; } = ["none"];

    /// <summary>SHA-256 of its secret; null where it has none.</summary>
    public string? SecretHash { get; init; }

    /// <summary>Its keys; null where it has none, or they are elsewhere.</summary>
    public JsonElement? Keys { get; init; }

    /// <summary>Where its keys are.</summary>
    public string? KeysUri { get; init; }

    /// <summary>When it registered, or its document was read.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>When an operator last allowed it; null for never.</summary>
    public DateTimeOffset? Allowed { get; init; }
}
