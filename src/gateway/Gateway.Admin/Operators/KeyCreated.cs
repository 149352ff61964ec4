namespace Gateway.Admin.Operators;

/// <summary>A new key.</summary>
/// <param name="Item">What is kept of it.</param>
/// <param name="Key">The key, in this answer only.</param>
internal sealed record KeyCreated(KeyView Item, string Key);
