using System.Collections.Immutable;

namespace Gateway.Policy.Reviewing;

/// <summary>One part of a policy in words.</summary>
/// <param name="Pointer">The location of the part.</param>
/// <param name="Name">The name or pattern, or the subject of the part.</param>
/// <param name="Sentences">The effects of the part.</param>
/// <param name="Tools">The known tools to which the part applies.</param>
/// <param name="Matches">
/// The known tools whose names it matches; a more specific part may apply to some of them.
/// </param>
public sealed record PolicyPart(
    string Pointer, string Name, ImmutableArray<RuleSentence> Sentences, ImmutableArray<string> Tools,
    ImmutableArray<string> Matches);
