namespace Gateway.Mcp.Lists;

/// <summary>An entry that stays in a filtered list.</summary>
/// <param name="Place">The position in the message.</param>
/// <param name="Written">The replacement; null for the unchanged entry.</param>
internal readonly record struct KeptEntry(Range Place, byte[]? Written);
