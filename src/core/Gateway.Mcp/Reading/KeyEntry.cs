namespace Gateway.Mcp.Reading;

/// <summary>A member name that was seen: its object, and the position of its unescaped bytes.</summary>
/// <param name="Owner">The object's number, from 1; 0 marks a free entry.</param>
/// <param name="Hash">The hash of name and owner.</param>
/// <param name="Start">
/// The position of the name in the body; from -1 downwards, its position among the unescaped names.
/// </param>
/// <param name="Length">The length in bytes.</param>
internal readonly record struct KeyEntry(int Owner, int Hash, int Start, int Length);
