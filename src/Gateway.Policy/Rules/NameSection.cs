using System.Collections.Immutable;
using Gateway.Policy.Patterns;

namespace Gateway.Policy.Rules;

/// <summary><c>resources</c> or <c>prompts</c>, or the default of the document in their place.</summary>
internal sealed class NameSection(
    ImmutableArray<(Glob Glob, Decision Decision)> allow,
    ImmutableArray<(Glob Glob, Decision Decision)> deny,
    Decision otherwise)
{
    private readonly NameTable<Decision> _allow = new(allow);
    private readonly NameTable<Decision> _deny = new(deny);

    /// <summary>The decision on one name; <c>deny</c> beats <c>allow</c>.</summary>
    public Decision Decide(string name) => _deny.Find(name) ?? _allow.Find(name) ?? otherwise;

    /// <summary>The stricter decision of a URI as written and as a server may understand it.</summary>
    public Decision DecideUri(string uri)
    {
        var plain = PlainUri.Of(uri);
        if (ReferenceEquals(plain, uri))
            return Decide(uri);
        if ((_deny.Find(uri) ?? _deny.Find(plain)) is { } denied)
            return denied;
        return _allow.Find(uri) is { } allowed && _allow.Find(plain) is not null ? allowed : otherwise;
    }

    /// <summary>
    /// The decision on a URI template: denied where all that it can become is, else allowed where some of it may be.
    /// Each URI that it becomes is judged again when it is read.
    /// </summary>
    public Decision DecideTemplate(string uriTemplate)
    {
        if (!uriTemplate.Contains('{', StringComparison.Ordinal))
            return DecideUri(uriTemplate);
        var covered = UriTemplate.ToGlob(uriTemplate);
        foreach (var (glob, decision) in deny)
        {
            if (GlobAlgebra.Covers(glob, covered))
                return decision;
        }

        if (otherwise.Outcome == DecisionOutcome.Allow && !otherwise.IsShadow)
            return otherwise;
        foreach (var (glob, decision) in allow)
        {
            if (GlobAlgebra.Intersect(glob, covered))
                return decision;
        }

        return otherwise;
    }
}
