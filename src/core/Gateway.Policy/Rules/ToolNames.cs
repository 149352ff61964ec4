using System.Collections.Concurrent;
using System.Collections.Frozen;
using Gateway.Policy.Classes;
using Gateway.Policy.Decisions;
using Gateway.Policy.Patterns;
using Gateway.Policy.Text;
using Gateway.Policy.Variants;

namespace Gateway.Policy.Rules;

/// <summary>
/// Finds the rule of a tool name, and whether another rule could be meant. Exact names are classified when the policy
/// is loaded, others at their first call, up to a bound.
/// </summary>
internal sealed class ToolNames
{
    private const int KnownMax = 1024;

    private readonly PatternIndex<PolicyDecision> _hidden;
    private readonly PatternIndex<ToolRule> _tools;
    private readonly LookAlikeIndex<PolicyDecision> _hiddenLooks;
    private readonly LookAlikeIndex<ToolRule> _toolLooks;
    private readonly ToolRule _otherTools;
    private readonly ToolRule?[]? _classes;
    private readonly bool _areClassesShadow;
    private readonly FrozenDictionary<string, ToolName> _exact;
    private readonly ConcurrentDictionary<string, ToolName> _known = new(StringComparer.Ordinal);

    /// <param name="hidden">The names and patterns of <c>hide</c>.</param>
    /// <param name="tools">The entries of <c>tools</c>.</param>
    /// <param name="otherTools">The rule for a name that no entry matches.</param>
    /// <param name="classes">The rules by <see cref="ToolClass"/>; null if the document has none.</param>
    public ToolNames(
        IReadOnlyList<(Glob Glob, PolicyDecision Value)> hidden, IReadOnlyList<(Glob Glob, ToolRule Value)> tools,
        ToolRule otherTools, ToolRule?[]? classes)
    {
        _classes = classes;
        _areClassesShadow = classes?.All(static rule => rule?.IsDenialShadow != false) ?? true;
        (_hidden, _hiddenLooks) = (new(hidden), new(hidden));
        (_tools, _toolLooks) = (new(tools), new(tools));
        _otherTools = otherTools;
        _exact = tools.Where(static tool => tool.Glob.IsExact).Select(static tool => tool.Glob.Text).Distinct()
            .ToFrozenDictionary(static name => name, Make, StringComparer.Ordinal);
    }

    public ToolName Of(string name)
    {
        if (_exact.TryGetValue(name, out var known) || _known.TryGetValue(name, out known))
            return known;
        var made = Make(name);
        if (_known.Count < KnownMax)
            _known[name] = made;
        return made;
    }

    /// <summary>True if the document has rules by class.</summary>
    public bool HasClasses => _classes is not null;

    /// <summary>True if no enforced rule by class could apply to a tool.</summary>
    public bool AreClassesShadow => _areClassesShadow;

    /// <summary>
    /// Returns the rule for a tool of a class: that of its exact name, otherwise that of its class, otherwise that of a
    /// pattern or the default.
    /// </summary>
    public ToolRule RuleOf(ToolName name, ToolClass toolClass) =>
        _classes is null || name.IsNamed ? name.Rule : _classes[(int)toolClass] ?? name.Rule;

    /// <inheritdoc cref="RuleOf"/>
    public ToolRule RuleFor(string name, ToolClass toolClass)
    {
        var rule = _tools.Find(name, out var isExact, out _) ?? _otherTools;
        return _classes is null || isExact ? rule : _classes[(int)toolClass] ?? rule;
    }

    private ToolName Make(string name)
    {
        var hidden = _hidden.Find(name, out var isHiddenByName, out _);
        var rule = _tools.Find(name, out var isNamed, out var specificity) ?? _otherTools;
        var isUnclear = LookAlikes.IsUnclear(name);
        var (looksLikeOther, isShadow) = hidden is not null || isUnclear
            ? default
            : Compare(name, rule, isNamed, specificity);
        return new ToolName
        {
            Rule = rule,
            Hidden = hidden,
            IsNamed = isNamed || isHiddenByName,
            IsUnclear = isUnclear,
            LooksLikeOther = looksLikeOther,
            IsShadow = isShadow && _areClassesShadow,
        };
    }

    private (bool LooksLikeOther, bool IsShadow) Compare(string name, ToolRule rule, bool isNamed, int specificity)
    {
        // Names longer than a policy may contain are not compared, since a character may become 18 in its key.
        if (name.Length > PolicyBounds.PatternLengthMax)
            return (!LookAlikes.IsOwnKey(name), rule.IsDenialShadow);
        var keys = LookAlikes.KeysOf(name);
        if (_hiddenLooks.Find(keys, 0).Count > 0)
            return (true, false);
        if (isNamed)
            return default;
        var others = _toolLooks.Find(keys, specificity).FindAll(other => !ReferenceEquals(other, rule));
        return (others.Count > 0, rule.IsDenialShadow && others.TrueForAll(static other => other.IsDenialShadow));
    }
}
