namespace Gateway.Mcp.Lists;

/// <summary>An entry that a filtered list has.</summary>
/// <param name="Place">Where it stood in the message.</param>
/// <param name="Written">What stands there instead; null for the entry as it came.</param>
internal readonly record struct KeptEntry(Range Place, byte[]? Written);
