using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gateway.Admin.Grants;

/// <summary>A grant as it is shown: never its token.</summary>
/// <param name="Name">Its name, which its counters belong to.</param>
/// <param name="Status"><c>active</c>, <c>paused</c> or <c>expired</c>.</param>
/// <param name="Servers">Server name to policy name.</param>
/// <param name="Expires">From then on it is refused; null for never.</param>
/// <param name="Created">When it was made; null where the file made it.</param>
/// <param name="LastUsed">
/// The last message that was taken from it, by other gateways of the store about a minute late; null for none.
/// </param>
/// <param name="Origin"><c>file</c> or <c>api</c>.</param>
/// <param name="Urls">Server name to the address for agents; where one grant is shown.</param>
internal sealed record GrantView(
    string Name,
    string Status,
    IReadOnlyDictionary<string, string?> Servers,
    DateTimeOffset? Expires,
    DateTimeOffset? Created,
    DateTimeOffset? LastUsed,
    string Origin,
    IReadOnlyDictionary<string, string>? Urls = null)
{
    /// <summary><c>search</c> where its tools are found and called by three tools; null where each is listed.</summary>
    [JsonPropertyName("tools_as")]
    public string? ToolsAs { get; init; }

    /// <summary>Tools that stand for others, as they were written; null for none.</summary>
    [JsonPropertyName("virtual_tools")]
    public JsonElement? VirtualTools { get; init; }

    /// <summary><c>oauth</c> where a client signed in for it; null where an operator handed it out.</summary>
    public string? Via { get; init; }

    /// <summary>The version for <c>If-Match</c>, in lists; null for what the file provisions.</summary>
    public long? Version { get; init; }

    /// <summary>The client that signed in for it, as it calls itself.</summary>
    public string? Client { get; init; }

    /// <summary>The client's id: its document's address where it has one.</summary>
    public string? ClientId { get; init; }

    /// <summary>Where clients sign in, where one grant is shown; null where they cannot.</summary>
    public string? Issuer { get; init; }

    /// <summary>
    /// The address of all its servers as one, where one grant is shown; null for a grant of one server's address.
    /// </summary>
    public string? Url { get; init; }

    /// <summary>The operator who allowed it.</summary>
    public string? AllowedBy { get; init; }

    /// <summary>
    /// What is paused that its calls need: <c>grant</c>, <c>gateway</c>, <c>server NAME</c>; null for nothing.
    /// </summary>
    public IReadOnlyList<string>? PausedBy { get; init; }

    /// <summary>Until when the token from before its rotation is taken too; null where that is over.</summary>
    public DateTimeOffset? PreviousTokenUntil { get; init; }
}
