namespace Gateway.Admin.Operators;

/// <summary>An API key as its owner sees it.</summary>
/// <param name="Operator">Whose it is.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Roles">What it may now.</param>
/// <param name="Status"><c>active</c> or <c>expired</c>; <c>disabled</c> where the operator is.</param>
/// <param name="Created">When it was made.</param>
/// <param name="Expires">When it ends.</param>
/// <param name="LastUsed">Its last request, to the minute.</param>
internal sealed record KeyView(
    string Operator,
    string Name,
    IReadOnlyList<string> Roles,
    string Status,
    DateTimeOffset? Created,
    DateTimeOffset? Expires,
    DateTimeOffset? LastUsed);
