using Gateway.Policy.Patterns;

namespace Gateway.Policy.Documents;

/// <summary>One name or pattern of a list, and its location.</summary>
internal sealed record PatternDocument(Glob Glob, string Pointer, int Offset);
