using System.Collections.Immutable;

namespace Gateway.Policy.Reviewing;

/// <summary>One part of a policy in words.</summary>
/// <param name="Pointer">Where it stands.</param>
/// <param name="Name">The name or pattern, or what else it is about.</param>
/// <param name="Sentences">What it does.</param>
/// <param name="Tools">The known tools that it decides about.</param>
/// <param name="Matches">Those whose names it matches; of some of them a more specific part decides.</param>
public sealed record PolicyPart(
    string Pointer, string Name, ImmutableArray<RuleSentence> Sentences, ImmutableArray<string> Tools,
    ImmutableArray<string> Matches);
