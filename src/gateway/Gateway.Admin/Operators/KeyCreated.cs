namespace Gateway.Admin.Operators;

/// <summary>A new key.</summary>
/// <param name="Item">The stored properties of the key.</param>
/// <param name="Key">The key, in this response only.</param>
internal sealed record KeyCreated(KeyView Item, string Key);
