using System.Collections.Frozen;
using System.Collections.Immutable;
using Gateway.Policy.Decisions;
using Gateway.Policy.Patterns;
using Gateway.Policy.Text;
using Gateway.Policy.Variants;

namespace Gateway.Policy.Rules;

/// <summary><c>prompts</c>, or the document's default if there is no such section.</summary>
/// <param name="allow">The allowed names.</param>
/// <param name="deny">The denied names, which override <paramref name="allow"/>.</param>
/// <param name="otherwise">The decision on a name in neither list.</param>
/// <param name="ambiguous">The decision on a name that looks like another one.</param>
internal sealed class NameSection(
    ImmutableArray<(Glob Glob, PolicyDecision Decision)> allow,
    ImmutableArray<(Glob Glob, PolicyDecision Decision)> deny,
    PolicyDecision otherwise,
    PolicyDecision ambiguous)
{
    private readonly PatternIndex<PolicyDecision> _allow = new(allow);
    private readonly PatternIndex<PolicyDecision> _deny = new(deny);
    private readonly LookAlikeIndex<PolicyDecision> _denyLooks = new(deny);
    private readonly FrozenSet<string> _named = allow.Concat(deny)
        .Where(static entry => entry.Glob.IsExact).Select(static entry => entry.Glob.Text).ToFrozenSet();

    /// <summary>Returns the decision on one name; <c>deny</c> overrides <c>allow</c>.</summary>
    /// <param name="name">The prompt's name.</param>
    /// <param name="listing">The relation of the name to those that the server lists; null if unknown.</param>
    public PolicyDecision Decide(string name, NameListing? listing)
    {
        if (LookAlikes.IsUnclear(name))
            return BuiltInDecisions.UnclearPrompt;
        if (_deny.Find(name) is { } denied)
            return denied;
        var decision = _allow.Find(name) ?? otherwise;
        return decision.Outcome == DecisionOutcome.Allow && IsAmbiguous(name, listing) ? ambiguous : decision;
    }

    // A server may list a look-alike of a denied prompt, and prompts are never accepted by a person, so being listed
    // does not resolve the ambiguity.
    private bool IsAmbiguous(string name, NameListing? listing)
    {
        if (listing is { LookAlikes: [_, ..] others }
            && !(listing.IsListed && _named.Contains(name) && others.All(_named.Contains)))
            return true;
        return name.Length > PolicyBounds.PatternLengthMax
            ? !LookAlikes.IsOwnKey(name)
            : _denyLooks.Find(LookAlikes.KeysOf(name), 0).Count > 0;
    }
}
