using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gateway.Control.Documents.Kinds;

/// <summary>A grant as the store keeps it: never its token.</summary>
public sealed record GrantDocument
{
    /// <summary>Server name to policy name; null denies every call there.</summary>
    public required Dictionary<string, string?> Servers { get; init; }

    /// <summary>The SHA-256 of the token, in hexadecimal.</summary>
    public required string TokenHash { get; init; }

    /// <summary>The token from before the last rotation, until <see cref="PreviousUntil"/>.</summary>
    public string? PreviousTokenHash { get; init; }

    /// <summary>When the token from before the rotation ends; null where there is none.</summary>
    public DateTimeOffset? PreviousUntil { get; init; }

    /// <summary>When the grant ends; null for never.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>Whether an operator has paused it.</summary>
    public bool Paused { get; init; }

    /// <summary>Whose it is, where a client signed in for it.</summary>
    [JsonPropertyName("oauth")]
    public OAuthGrantDocument? OAuth { get; init; }

    /// <summary>How its tools are listed; null where each is, as a release before had it.</summary>
    [JsonPropertyName("tools_as")]
    public string? ToolsAs { get; init; }

    /// <summary>Its tools that stand for others, as they were written; null for none.</summary>
    [JsonPropertyName("virtual_tools")]
    public JsonElement? VirtualTools { get; init; }

    /// <summary>When it was made; null where a release before did not write it.</summary>
    public DateTimeOffset? Created { get; init; }
}
