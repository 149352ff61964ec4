using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Control.Contracts;
using Gateway.Control.Snapshots;

namespace Gateway.Control.Documents.Kinds;

/// <summary>
/// A grant in the store: its configuration, and its state without the token. A release rejects a grant with an unknown
/// member. An absent member is therefore not written, and a renamed one keeps its former name.
/// </summary>
public sealed record GrantDocument : FormerlyNamedGrantSpec, IJsonOnDeserialized
{
    /// <summary>Creates a document for the serializer.</summary>
    public GrantDocument()
    {
    }

    private GrantDocument(GrantSpec spec)
        : base(spec)
    {
        AddFormerNames();
        (ToolsAs, VirtualTools) = (null, null);
    }

    /// <summary>The SHA-256 of the token, in hexadecimal.</summary>
    public required string TokenHash { get; init; }

    /// <summary>The token from before the last rotation, until <see cref="PreviousUntil"/>.</summary>
    public string? PreviousTokenHash { get; init; }

    /// <summary>The end of the token from before the last rotation; null if there is none.</summary>
    public DateTimeOffset? PreviousUntil { get; init; }

    /// <summary>True if an operator has paused the grant.</summary>
    public bool Paused { get; init; }

    /// <summary>The owner and the client, if a client signed in for the grant.</summary>
    [JsonPropertyName("oauth")]
    public OAuthGrantDocument? OAuth { get; init; }

    /// <summary>The time of creation; null if an earlier release did not record it.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>Returns the stored content of a grant.</summary>
    public static byte[] Write(GrantDefinition grant)
    {
        ArgumentNullException.ThrowIfNull(grant);
        return ControlJsonContext.Write(
            new GrantDocument(grant.Spec)
            {
                TokenHash = grant.Token.ToString(),
                PreviousTokenHash = grant.Previous?.Token.ToString(),
                PreviousUntil = Instant(grant.Previous?.UntilMs),
                Paused = grant.IsPaused,
                Created = Instant(grant.CreatedMs),
                OAuth = OAuthGrantDocument.Of(grant.OAuth),
            },
            ControlJsonContext.Default.GrantDocument);
    }

    void IJsonOnDeserialized.OnDeserialized() =>
        TakeFormerNames(static (_, message) => throw new JsonException(message));

    private static DateTimeOffset? Instant(long? unixMs) =>
        unixMs is { } ms ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null;
}
