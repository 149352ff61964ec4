using System.Collections.Immutable;
using Gateway.Policy.Patterns;

namespace Gateway.Policy.Rules;

/// <summary><c>resources</c>, or the default of the document in its place: rules over URIs in every spelling.</summary>
internal sealed class ResourceSection
{
    private readonly ImmutableArray<(Glob Glob, Decision Decision)> _allowed;
    private readonly ImmutableArray<(Glob Glob, Decision Decision)> _denied;
    private readonly ImmutableArray<(Glob Glob, Decision Decision)> _allowedMarked;
    private readonly NameTable<Decision> _allow;
    private readonly NameTable<Decision> _allowWithoutQuery;
    private readonly NameTable<Decision> _allowPlain;
    private readonly NameTable<Decision> _allowPlainWithoutQuery;
    private readonly NameTable<Decision> _deny;
    private readonly Decision _otherwise;
    private readonly Decision _ambiguous;

    /// <param name="allow">What is allowed.</param>
    /// <param name="deny">What is denied even so.</param>
    /// <param name="otherwise">The default.</param>
    /// <param name="ambiguous">The denial of a URI that readers take for different resources.</param>
    public ResourceSection(
        ImmutableArray<(Glob Glob, Decision Decision)> allow,
        ImmutableArray<(Glob Glob, Decision Decision)> deny,
        Decision otherwise,
        Decision ambiguous)
    {
        _allowed = allow;
        _denied = deny;
        _otherwise = otherwise;
        var marked = Respelled(allow, EscapedSeparators.Mark);
        _allowedMarked = [.. marked.Where(static entry =>
            entry.Glob.Text.AsSpan().ContainsAnyInRange(EscapedSeparators.First, EscapedSeparators.Last))];
        _allow = new NameTable<Decision>(allow);
        _allowWithoutQuery = new NameTable<Decision>(Respelled(allow, UriSpellings.WithoutQuery));
        ImmutableArray<(Glob Glob, Decision Decision)> plain = [.. allow, .. Respelled(allow, UriSpellings.Plain)];
        _allowPlain = new NameTable<Decision>(plain);
        _allowPlainWithoutQuery = new NameTable<Decision>(Respelled(plain, UriSpellings.WithoutQuery));
        var plainDeny = Respelled(deny, UriSpellings.Plain);
        _deny = new NameTable<Decision>([.. deny, .. plainDeny, .. Respelled(plainDeny, UriSpellings.Relative)]);

        // Where nothing is denied and the rest is allowed, there is no rule that a spelling could get around.
        _ambiguous = deny.IsEmpty && IsAllowed(otherwise) ? otherwise : ambiguous;
    }

    /// <summary>
    /// The decision on one URI: <c>deny</c> holds for everything that it may be taken for, <c>allow</c> only for what
    /// has one meaning.
    /// </summary>
    public Decision DecideUri(string uri)
    {
        if (!_deny.IsEmpty)
        {
            foreach (var spelling in UriSpellings.All(uri))
            {
                if (_deny.Find(spelling) is { } denied)
                    return denied;
            }
        }

        if (AmbiguousUri.Is(uri))
            return _ambiguous;
        var marked = EscapedSeparators.Mark(uri);
        if (EscapedSeparators.AreHidden(marked))
            return _ambiguous;
        if (ReferenceEquals(marked, uri))
            return FindAllowed(uri) ?? _otherwise;
        return FindMarked(marked) is { } spelled && FindAllowed(uri) is not null ? spelled : _ambiguous;
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
        foreach (var (glob, decision) in _denied)
        {
            if (GlobAlgebra.Covers(glob, covered))
                return decision;
        }

        if (AmbiguousUri.Is(covered.Text))
            return _ambiguous;
        if (IsAllowed(_otherwise))
            return _otherwise;
        foreach (var (glob, decision) in _allowed)
        {
            if (GlobAlgebra.Intersect(glob, covered))
                return decision;
        }

        return _otherwise;
    }

    // As written, as it is understood, and without what many readers leave out: a pattern has to match each.
    private Decision? FindAllowed(string uri)
    {
        if (_allow.Find(uri) is not { } allowed)
            return null;
        var plain = UriSpellings.Plain(uri);
        var isMatched = _allowWithoutQuery.Find(UriSpellings.WithoutQuery(uri)) is not null
            && _allowPlain.Find(plain) is not null
            && _allowPlainWithoutQuery.Find(UriSpellings.WithoutQuery(plain)) is not null;
        return isMatched ? allowed : null;
    }

    private Decision? FindMarked(string marked)
    {
        foreach (var (glob, decision) in _allowedMarked)
        {
            if (glob.MatchesMarked(marked))
                return decision;
        }

        return null;
    }

    private static bool IsAllowed(Decision decision) =>
        decision.Outcome == DecisionOutcome.Allow && !decision.IsShadow;

    private static ImmutableArray<(Glob Glob, Decision Decision)> Respelled(
        ImmutableArray<(Glob Glob, Decision Decision)> patterns, Func<string, string> spell) =>
        [.. patterns.Select(pattern => (new Glob(spell(pattern.Glob.Text), GlobStyle.Uri), pattern.Decision))];
}
