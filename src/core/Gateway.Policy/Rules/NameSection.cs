using System.Collections.Immutable;
using Gateway.Policy.Decisions;
using Gateway.Policy.Patterns;

namespace Gateway.Policy.Rules;

/// <summary><c>prompts</c>, or the default of the document in its place.</summary>
internal sealed class NameSection(
    ImmutableArray<(Glob Glob, PolicyDecision Decision)> allow,
    ImmutableArray<(Glob Glob, PolicyDecision Decision)> deny,
    PolicyDecision otherwise)
{
    private readonly PatternIndex<PolicyDecision> _allow = new(allow);
    private readonly PatternIndex<PolicyDecision> _deny = new(deny);

    /// <summary>The decision on one name; <c>deny</c> beats <c>allow</c>.</summary>
    public PolicyDecision Decide(string name) => _deny.Find(name) ?? _allow.Find(name) ?? otherwise;
}
