using System.Collections.Immutable;
using Gateway.Policy.Patterns;

namespace Gateway.Policy.Rules;

/// <summary><c>prompts</c>, or the default of the document in its place.</summary>
internal sealed class NameSection(
    ImmutableArray<(Glob Glob, Decision Decision)> allow,
    ImmutableArray<(Glob Glob, Decision Decision)> deny,
    Decision otherwise)
{
    private readonly NameTable<Decision> _allow = new(allow);
    private readonly NameTable<Decision> _deny = new(deny);

    /// <summary>The decision on one name; <c>deny</c> beats <c>allow</c>.</summary>
    public Decision Decide(string name) => _deny.Find(name) ?? _allow.Find(name) ?? otherwise;
}
