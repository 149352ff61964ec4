using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Control.Contracts;
using Gateway.Control.Snapshots;

namespace Gateway.Control.Documents.Kinds;

/// <summary>
/// A grant in the store: its configuration, and its state without the token. A release refuses a grant with a member
/// that it does not know, so a member that is absent is not written, and a renamed one has its former name.
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

    /// <summary>When the token from before the rotation ends; null where there is none.</summary>
    public DateTimeOffset? PreviousUntil { get; init; }

    /// <summary>Whether an operator has paused it.</summary>
    public bool Paused { get; init; }

    /// <summary>Whose it is, where a client signed in for it.</summary>
    [JsonPropertyName("oauth")]
    public OAuthGrantDocument? OAuth { get; init; }

    /// <summary>When it was made; null where a release before did not write it.</summary>
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
