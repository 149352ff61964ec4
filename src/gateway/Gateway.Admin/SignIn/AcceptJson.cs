namespace Gateway.Admin.SignIn;

/// <summary>The code of an invitation.</summary>
internal sealed record InvitationCode
{
    /// <summary>The code in the link.</summary>
    public required string Code { get; init; }
}

/// <summary>The start of a sign-in with a provider that accepts an invitation.</summary>
internal sealed record InvitationProvider
{
    /// <summary>The code in the link.</summary>
    public required string Code { get; init; }

    /// <summary>The provider's name.</summary>
    public required string Provider { get; init; }
}

/// <summary>The address at which a browser continues.</summary>
/// <param name="Location">The address at the provider.</param>
internal sealed record ProviderStart(string Location);

/// <summary>An invitation, for the person with the link.</summary>
/// <param name="Name">The name of the account to be created.</param>
/// <param name="DisplayName">The person's display name.</param>
/// <param name="Roles">The roles of the account.</param>
/// <param name="By">The name of the person who invites.</param>
/// <param name="Expires">The expiry.</param>
/// <param name="Passkey">True if the address has a host name, which passkeys need.</param>
/// <param name="Providers">The OpenID Connect providers.</param>
internal sealed record InvitationOffer(
    string Name,
    string? DisplayName,
    IReadOnlyList<string> Roles,
    string By,
    DateTimeOffset Expires,
    bool Passkey,
    IReadOnlyList<ProviderWay> Providers);

/// <summary>The acceptance of an invitation, with a password or a passkey.</summary>
internal sealed record InvitationAnswer
{
    /// <summary>The code in the link.</summary>
    public required string Code { get; init; }

    /// <summary>The person's display name; absent for the one in the invitation.</summary>
    public string? DisplayName { get; init; }

    /// <summary>The password; absent with a passkey.</summary>
    public string? Password { get; init; }

    /// <summary>The passkey that the browser created; absent with a password.</summary>
    public PasskeyInput? Passkey { get; init; }
}
