namespace Gateway.Admin.Lists;

/// <summary>Values of a list: all of them, or those to add or remove.</summary>
/// <param name="Values">Strings of 1 to 512 bytes; at most 100,000.</param>
internal sealed record ListInput(IReadOnlyList<string> Values);
