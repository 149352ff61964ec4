namespace Gateway.Admin.SignIn;

/// <summary>Who is signed in.</summary>
/// <param name="Name">The operator; <c>admin</c> for whoever has the administrator's key.</param>
/// <param name="DisplayName">The person's name as they write it.</param>
/// <param name="Roles">What they may do with what they came with.</param>
/// <param name="Via"><c>admin-key</c>, <c>key</c>, <c>session</c> or <c>proxy</c>.</param>
/// <param name="Key">The key's name, where it is one.</param>
/// <param name="Expires">When what they came with ends; of a session, unless it is used.</param>
/// <param name="Csrf">Of a session, and behind a proxy: the value of <c>X-CSRF-Token</c>, which every change
/// has to bring.</param>
internal sealed record WhoView(
    string Name,
    string? DisplayName,
    IReadOnlyList<string> Roles,
    string Via,
    string? Key,
    DateTimeOffset? Expires,
    string? Csrf = null)
{
    /// <summary>What the roles allow: <c>Edit</c>, or <c>Edit:crm</c> for one server.</summary>
    public IReadOnlyList<string> Permissions { get; init; } = [];
}
