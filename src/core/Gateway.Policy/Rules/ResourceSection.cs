using System.Collections.Immutable;
using Gateway.Policy.Decisions;
using Gateway.Policy.Json;
using Gateway.Policy.Patterns;
using Gateway.Policy.Text;

namespace Gateway.Policy.Rules;

/// <summary>
/// <c>resources</c>, or the document's default if there is no such section: rules over URIs in every spelling.
/// </summary>
internal sealed class ResourceSection
{
    private readonly ImmutableArray<(Glob Glob, PolicyDecision Decision)> _allowed;
    private readonly ImmutableArray<(Glob Glob, PolicyDecision Decision)> _denied;
    private readonly ImmutableArray<(Glob Glob, PolicyDecision Decision)> _allowedMarked;
    private readonly PatternIndex<PolicyDecision> _allow;
    private readonly PatternIndex<PolicyDecision> _allowWithoutQuery;
    private readonly PatternIndex<PolicyDecision> _allowPlain;
    private readonly PatternIndex<PolicyDecision> _allowPlainWithoutQuery;
    private readonly PatternIndex<PolicyDecision> _deny;
    private readonly PolicyDecision _otherwise;
    private readonly PolicyDecision _ambiguous;
    private readonly PolicyDecision _tooMuch;

    /// <param name="allow">The allowed patterns.</param>
    /// <param name="deny">The denied patterns, which override <paramref name="allow"/>.</param>
    /// <param name="otherwise">The default decision.</param>
    /// <param name="ambiguous">The denial of a URI that readers interpret as different resources.</param>
    /// <param name="tooMuch">The denial of a URI that would take too long to compare with the patterns.</param>
    public ResourceSection(
        ImmutableArray<(Glob Glob, PolicyDecision Decision)> allow,
        ImmutableArray<(Glob Glob, PolicyDecision Decision)> deny,
        PolicyDecision otherwise,
        PolicyDecision ambiguous,
        PolicyDecision tooMuch)
    {
        _allowed = allow;
        _denied = deny;
        _otherwise = otherwise;
        var marked = Respelled(allow, EscapedSeparators.Mark);
        _allowedMarked = [.. marked.Where(static entry =>
            entry.Glob.Text.AsSpan().ContainsAnyInRange(EscapedSeparators.First, EscapedSeparators.Last))];
        _allow = new PatternIndex<PolicyDecision>(allow);
        _allowWithoutQuery = new PatternIndex<PolicyDecision>(Respelled(allow, UriSpellings.WithoutQuery));
        ImmutableArray<(Glob Glob, PolicyDecision Decision)> plain = [.. allow, .. Respelled(allow,
            UriSpellings.Plain)];
        _allowPlain = new PatternIndex<PolicyDecision>(plain);
        _allowPlainWithoutQuery = new PatternIndex<PolicyDecision>(Respelled(plain, UriSpellings.WithoutQuery));
        var plainDeny = Respelled(deny, UriSpellings.Plain);
        _deny = new PatternIndex<PolicyDecision>([.. deny, .. plainDeny, .. Respelled(plainDeny,
            UriSpellings.Relative)]);

        // If nothing is denied and the default allows, no spelling could evade a rule.
        var isOpen = deny.IsEmpty && IsAllowed(otherwise);
        _ambiguous = isOpen ? otherwise : ambiguous;
        _tooMuch = isOpen ? otherwise : tooMuch;
    }

    /// <summary>
    /// Returns the decision on one URI. <c>deny</c> applies to all of its interpretations, <c>allow</c> only to an
    /// unambiguous URI.
    /// </summary>
    public PolicyDecision DecideUri(string uri) => DecideUri(uri, new WorkBudget(PolicyBounds.UriStepsMax));

    /// <summary>Returns the decision on one URI, charged to a budget; a URI that exceeds it is denied.</summary>
    public PolicyDecision DecideUri(string uri, WorkBudget work)
    {
        var decision = PlainUri.Is(uri) ? DecidePlain(uri, work) : DecideAnySpelling(uri, work);
        return work.IsExhausted ? _tooMuch : decision;
    }

    /// <summary>
    /// Returns the decision on a URI template: denied if all of its expansions are, otherwise allowed if some of them
    /// may be. Each expanded URI is evaluated again when it is read.
    /// </summary>
    public PolicyDecision DecideTemplate(string uriTemplate) =>
        DecideTemplate(uriTemplate, new WorkBudget(PolicyBounds.UriStepsMax));

    /// <summary>
    /// Returns the decision on a template, charged to a budget; a template that exceeds it is denied.
    /// </summary>
    public PolicyDecision DecideTemplate(string uriTemplate, WorkBudget work)
    {
        if (!uriTemplate.Contains('{', StringComparison.Ordinal))
            return DecideUri(uriTemplate, work);
        var covered = UriTemplate.ToGlob(uriTemplate);
        foreach (var (glob, decision) in _denied)
        {
            if (!work.SpendPlaces(GlobAlgebra.WorkOf(glob, covered)))
                return _tooMuch;
            if (GlobAlgebra.Covers(glob, covered))
                return decision;
        }

        if (AmbiguousUri.Is(covered.Text))
            return _ambiguous;
        if (IsAllowed(_otherwise))
            return _otherwise;
        foreach (var (glob, decision) in _allowed)
        {
            if (!work.SpendPlaces(GlobAlgebra.WorkOf(glob, covered)))
                return _tooMuch;
            if (GlobAlgebra.Intersect(glob, covered))
                return decision;
        }

        return _otherwise;
    }

    // A plain URI has no other spellings, so a pattern that allows it as written allows it in each.
    private PolicyDecision DecidePlain(string uri, WorkBudget work)
    {
        if (AmbiguousUri.HasStrangeHost(uri))
            return _deny.Find(uri, work) ?? _ambiguous;
        if (_deny.IsEmpty)
            return _allow.Find(uri, work) ?? _otherwise;
        var relative = PlainUri.Relative(uri);
        return _deny.Find(uri, work)
            ?? (ReferenceEquals(relative, uri) ? null : _deny.Find(relative, work))
            ?? _allow.Find(uri, work)
            ?? _otherwise;
    }

    private PolicyDecision DecideAnySpelling(string uri, WorkBudget work)
    {
        if (!_deny.IsEmpty)
        {
            foreach (var spelling in UriSpellings.All(uri))
            {
                if (work.SpendText(spelling) && _deny.Find(spelling, work) is { } denied)
                    return denied;
            }
        }

        if (AmbiguousUri.Is(uri))
            return _ambiguous;
        var marked = EscapedSeparators.Mark(uri);
        if (EscapedSeparators.AreHidden(marked))
            return _ambiguous;
        if (ReferenceEquals(marked, uri))
            return FindAllowed(uri, work) ?? _otherwise;
        return FindMarked(marked, work) is { } spelled && FindAllowed(uri, work) is not null ? spelled : _ambiguous;
    }

    // As written, as normalized, and without the parts that many readers ignore: a pattern must match each form.
    private PolicyDecision? FindAllowed(string uri, WorkBudget work)
    {
        if (_allow.Find(uri, work) is not { } allowed)
            return null;
        var plain = UriSpellings.Plain(uri);
        var isMatched = _allowWithoutQuery.Find(UriSpellings.WithoutQuery(uri), work) is not null
            && _allowPlain.Find(plain, work) is not null
            && _allowPlainWithoutQuery.Find(UriSpellings.WithoutQuery(plain), work) is not null;
        return isMatched ? allowed : null;
    }

    private PolicyDecision? FindMarked(string marked, WorkBudget work)
    {
        foreach (var (glob, decision) in _allowedMarked)
        {
            var isMatch = glob.MatchesMarked(marked, out var steps);
            if (!work.SpendPlaces(steps))
                return null;
            if (isMatch)
                return decision;
        }

        return null;
    }

    private static bool IsAllowed(PolicyDecision decision) =>
        decision.Outcome == DecisionOutcome.Allow && !decision.IsShadow;

    private static ImmutableArray<(Glob Glob, PolicyDecision Decision)> Respelled(
        ImmutableArray<(Glob Glob, PolicyDecision Decision)> patterns, Func<string, string> spell) =>
        [.. patterns.Select(pattern => (new Glob(spell(pattern.Glob.Text), GlobStyle.Uri), pattern.Decision))];
}
