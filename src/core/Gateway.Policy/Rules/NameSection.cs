using System.Collections.Frozen;
using System.Collections.Immutable;
using Gateway.Policy.Decisions;
using Gateway.Policy.Patterns;
using Gateway.Policy.Text;
using Gateway.Policy.Variants;

namespace Gateway.Policy.Rules;

/// <summary><c>prompts</c>, or the default of the document in its place.</summary>
/// <param name="allow">What is allowed.</param>
/// <param name="deny">What is denied even so.</param>
/// <param name="otherwise">The decision on a name that neither list has.</param>
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

    /// <summary>The decision on one name; <c>deny</c> beats <c>allow</c>.</summary>
    /// <param name="name">The prompt's name.</param>
    /// <param name="listing">How it relates to the names that the server lists; null where nothing is known.</param>
    public PolicyDecision Decide(string name, NameListing? listing)
    {
        if (LookAlikes.IsUnclear(name))
            return BuiltInDecisions.UnclearPrompt;
        if (_deny.Find(name) is { } denied)
            return denied;
        var decision = _allow.Find(name) ?? otherwise;
        return decision.Outcome == DecisionOutcome.Allow && IsAmbiguous(name, listing) ? ambiguous : decision;
    }

    // A server may list what looks like a denied prompt, and nobody accepts prompts: listing one changes nothing here.
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
