namespace Gateway.Admin.Operators;

/// <summary>An operator as an administrator sees it.</summary>
/// <param name="Name">The name.</param>
/// <param name="DisplayName">The person's name as they write it.</param>
/// <param name="Roles">Each <c>ROLE</c>, or <c>ROLE:SERVER</c> for one server.</param>
/// <param name="Status"><c>active</c> or <c>disabled</c>.</param>
/// <param name="HasPassword">Whether it can sign in with one.</param>
/// <param name="Created">When it was made.</param>
/// <param name="LastUsed">Its last request, to the minute.</param>
/// <param name="Identity">Who it is at an OpenID Connect provider.</param>
/// <param name="Password">In records only: <c>changed</c>.</param>
internal sealed record OperatorView(
    string Name,
    string? DisplayName,
    IReadOnlyList<string> Roles,
    string Status,
    bool HasPassword,
    DateTimeOffset? Created,
    DateTimeOffset? LastUsed = null,
    IdentityView? Identity = null,
    string? Password = null);
