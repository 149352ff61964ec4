namespace Gateway.Admin.Operators;

/// <summary>A new key.</summary>
/// <param name="Item">The stored properties of the key.</param>
/// <param name="Key">The key, in this response only.</param>
internal sealed record KeyCreated(KeyView Item, string Key);

/// <summary>An API key in a response.</summary>
/// <param name="Operator">The owner.</param>
/// <param name="Name">The name.</param>
/// <param name="Roles">The effective roles.</param>
/// <param name="Status"><c>active</c> or <c>expired</c>; <c>disabled</c> if the operator is.</param>
/// <param name="Created">The time of creation.</param>
/// <param name="Expires">The expiry.</param>
/// <param name="LastUsed">The time of the last request, to the minute.</param>
internal sealed record KeyView(
    string Operator,
    string Name,
    IReadOnlyList<string> Roles,
    string Status,
    DateTimeOffset? Created,
    DateTimeOffset? Expires,
    DateTimeOffset? LastUsed);
