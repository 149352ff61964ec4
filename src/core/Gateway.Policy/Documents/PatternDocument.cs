using Gateway.Policy.Patterns;

namespace Gateway.Policy.Documents;

/// <summary>One name or pattern of a list, and where it stands.</summary>
internal sealed record PatternDocument(Glob Glob, string Pointer, int Offset);
