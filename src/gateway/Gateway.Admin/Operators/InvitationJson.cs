namespace Gateway.Admin.Operators;

/// <summary>A new invitation.</summary>
internal sealed record InvitationInput
{
    /// <summary>The name of the account that the invitation creates.</summary>
    public required string Name { get; init; }

    /// <summary>The person's display name; at most 128 characters.</summary>
    public string? DisplayName { get; init; }

    /// <summary>The roles of the account, each <c>ROLE</c>, or <c>ROLE:SERVER</c> for one server.</summary>
    public required IReadOnlyList<string> Roles { get; init; }

    /// <summary>How long the link works, such as <c>12h</c>; at most 30 days, and 3 days if absent.</summary>
    public string? For { get; init; }
}

/// <summary>An open invitation in a response.</summary>
/// <param name="Name">The name of the account that it creates.</param>
/// <param name="DisplayName">The person's display name.</param>
/// <param name="Roles">The roles of the account.</param>
/// <param name="By">The operator who invites; <c>admin</c> for the administrator's key.</param>
/// <param name="Created">The time of creation.</param>
/// <param name="Expires">The expiry.</param>
internal sealed record InvitationView(
    string Name,
    string? DisplayName,
    IReadOnlyList<string> Roles,
    string By,
    DateTimeOffset Created,
    DateTimeOffset Expires);

/// <summary>A created invitation.</summary>
/// <param name="Item">The invitation.</param>
/// <param name="Link">The address to send to the person, in this response only. It works once.</param>
internal sealed record InvitationCreated(InvitationView Item, string Link);
