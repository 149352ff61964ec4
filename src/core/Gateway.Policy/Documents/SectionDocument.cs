using System.Collections.Immutable;

namespace Gateway.Policy.Documents;

/// <summary><c>resources</c> or <c>prompts</c> as written.</summary>
/// <param name="Pointer">JSON Pointer to the section.</param>
/// <param name="DefaultAllows">Null where the section leaves it to the document.</param>
/// <param name="Allow">What is allowed.</param>
/// <param name="Deny">What is denied even so.</param>
/// <param name="Results">What holds for the answers.</param>
internal sealed record SectionDocument(
    string Pointer,
    bool? DefaultAllows,
    ImmutableArray<PatternDocument> Allow,
    ImmutableArray<PatternDocument> Deny,
    ResultsDocument Results);
