namespace Gateway.Mcp.Reading;

/// <summary>A member name that was seen: in which object, and where its unescaped bytes stand.</summary>
/// <param name="Owner">The object's number, from 1; 0 marks a free place.</param>
/// <param name="Hash">The hash of name and owner.</param>
/// <param name="Start">Where the name starts in the body; from -1 downwards, its place among the unescaped
/// names.</param>
/// <param name="Length">Bytes.</param>
internal readonly record struct KeyEntry(int Owner, int Hash, int Start, int Length);
