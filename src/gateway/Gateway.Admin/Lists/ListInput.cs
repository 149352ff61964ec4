namespace Gateway.Admin.Lists;

/// <summary>Values of a list: all of them, or those that are added or removed.</summary>
/// <param name="Values">Texts of 1 to 512 bytes; at most 100,000.</param>
internal sealed record ListInput(IReadOnlyList<string> Values);
