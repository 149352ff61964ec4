using System.Collections.Immutable;

namespace Gateway.Policy.Documents;

/// <summary><c>resources</c> or <c>prompts</c> as written.</summary>
/// <param name="Pointer">JSON Pointer to the section.</param>
/// <param name="DefaultAllows">The section's default; null if the document's default applies.</param>
/// <param name="Allow">The allowed names.</param>
/// <param name="Deny">The denied names, which override <paramref name="Allow"/>.</param>
/// <param name="Results">The rules for responses.</param>
internal sealed record SectionDocument(
    string Pointer,
    bool? DefaultAllows,
    ImmutableArray<PatternDocument> Allow,
    ImmutableArray<PatternDocument> Deny,
    ResultsDocument Results);
