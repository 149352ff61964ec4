namespace Gateway.Admin.SignIn;

/// <summary>The caller.</summary>
/// <param name="Name">The operator; <c>admin</c> for the administrator's key.</param>
/// <param name="DisplayName">The person's display name.</param>
/// <param name="Roles">The roles that the credential gives.</param>
/// <param name="Via"><c>admin-key</c>, <c>key</c>, <c>session</c> or <c>proxy</c>.</param>
/// <param name="Key">The key's name, if the credential is a key.</param>
/// <param name="Expires">The end of the credential; for a session, the end if it is not used.</param>
/// <param name="Csrf">For a session, and behind a proxy: the value of <c>X-CSRF-Token</c>, which every change must
/// send.</param>
internal sealed record WhoView(
    string Name,
    string? DisplayName,
    IReadOnlyList<string> Roles,
    string Via,
    string? Key,
    DateTimeOffset? Expires,
    string? Csrf = null)
{
    /// <summary>The permissions that the roles give: <c>Edit</c>, or <c>Edit:crm</c> for one server.</summary>
    public IReadOnlyList<string> Permissions { get; init; } = [];
}
