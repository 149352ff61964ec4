using Gateway.Admin.Pausing;
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

    /// <summary>The name, which identifies its counters.</summary>
    public string Name { get; init; } = "";

    /// <summary><c>active</c>, <c>paused</c> or <c>expired</c>.</summary>
    public string Status { get; init; } = "";

    /// <summary>The time of creation; null if the file defines it.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>
    /// The time of its last message, up to about a minute old for other gateways of the store; null for none.
    /// </summary>
    public DateTimeOffset? LastUsed { get; init; }

    /// <summary><c>file</c> or <c>api</c>.</summary>
    public string Origin { get; init; } = "";

    /// <summary>The addresses for agents by server name, if one grant is shown.</summary>
    public IReadOnlyDictionary<string, string>? Urls { get; init; }

    /// <summary><c>oauth</c> if a client signed in for it; null if an operator issued it.</summary>
    public string? Via { get; init; }

    /// <summary>The version for <c>If-Match</c>, in lists; null for a grant from the file.</summary>
    public long? Version { get; init; }

    /// <summary>The unverified name of the client that signed in for it.</summary>
    public string? Client { get; init; }

    /// <summary>The client's id: the address of its metadata document if it has one.</summary>
    public string? ClientId { get; init; }

    /// <summary>The address where clients sign in, if one grant is shown; null if they cannot.</summary>
    public string? Issuer { get; init; }

    /// <summary>
    /// The single address of all its servers, if one grant is shown; null for a grant of one server's address.
    /// </summary>
    public string? Url { get; init; }

    /// <summary>The operator who allowed it.</summary>
    public string? AllowedBy { get; init; }

    /// <summary>
    /// The pauses that affect its calls: <c>grant</c>, <c>gateway</c>, <c>server NAME</c>; null for none.
    /// </summary>
    public IReadOnlyList<string>? PausedBy { get; init; }

    /// <summary>
    /// The details of its own pause; null if it is not paused, or was paused without a reason or an end.
    /// </summary>
    public PauseView? Pause { get; init; }

    /// <summary>The end of validity of the token that was rotated; null once it is over.</summary>
    public DateTimeOffset? PreviousTokenUntil { get; init; }
}
