using Gateway.Control.Contracts;

namespace Gateway.Admin.Grants;

/// <summary>A grant in a response: its configuration and its status, without its token.</summary>
internal sealed record GrantView : FormerlyNamedGrantSpec
{
    /// <summary>Creates a view for the serializer.</summary>
    public GrantView()
    {
    }

    /// <summary>Creates a view of a configuration.</summary>
    internal GrantView(GrantSpec spec)
        : base(spec) => AddFormerNames();

    /// <summary>Its name, which its counters belong to.</summary>
    public string Name { get; init; } = "";

    /// <summary><c>active</c>, <c>paused</c> or <c>expired</c>.</summary>
    public string Status { get; init; } = "";

    /// <summary>When it was made; null where the file made it.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>
    /// The last message that was taken from it, by other gateways of the store about a minute late; null for none.
    /// </summary>
    public DateTimeOffset? LastUsed { get; init; }

    /// <summary><c>file</c> or <c>api</c>.</summary>
    public string Origin { get; init; } = "";

    /// <summary>Server name to the address for agents; where one grant is shown.</summary>
    public IReadOnlyDictionary<string, string>? Urls { get; init; }

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
