using System.Collections.Immutable;
using Gateway.Policy.Variants;

namespace Gateway.Policy.Results;

/// <summary>What holds for the answers to the calls that one entry or section covers. Immutable.</summary>
public sealed class ResultRules
{
    private ResultRules(ImmutableArray<ResultRule> rules, bool allowsVariants, bool isEnforced)
    {
        (Rules, IsEnforced) = (rules, isEnforced);
        Names = allowsVariants ? null : PathMembers.Of(rules
            .Where(static rule => !rule.IsShadow)
            .SelectMany(static rule => rule.Path is { } path ? [path] : rule.DenyIf?.Paths ?? []));
    }

    /// <summary>A call whose answer passes as it is.</summary>
    public static ResultRules None { get; } = new([], allowsVariants: true, isEnforced: false);

    /// <summary>No rule at all.</summary>
    public bool IsEmpty => Rules.IsEmpty;

    /// <summary>
    /// Whether anything is refused or changed: false where every rule is in shadow. Of what answers no call, whether
    /// any answer's rules are.
    /// </summary>
    public bool IsEnforced { get; }

    internal ImmutableArray<ResultRule> Rules { get; }

    /// <summary>What an answer that was changed must still fit; null where that is not known.</summary>
    internal OutputSchema? Schema { get; private set; }

    /// <summary>The members that a rule reads by name; null where their variants are let through.</summary>
    internal PathMembers? Names { get; }

    /// <summary>The same rules; what they change has to fit this schema afterwards.</summary>
    public ResultRules Fitting(OutputSchema? schema)
    {
        if (IsEmpty || schema is null)
            return this;
        var fitting = (ResultRules)MemberwiseClone();
        fitting.Schema = schema;
        return fitting;
    }

    internal static ResultRules Of(IEnumerable<ResultRule> rules, bool allowsVariants) =>
        rules.ToImmutableArray() is { IsEmpty: false } some
            ? new ResultRules(some, allowsVariants, some.Any(static rule => !rule.IsShadow))
            : None;

    /// <summary>
    /// What holds for a message that belongs to no call in particular: every pattern of all of them.
    /// </summary>
    internal static ResultRules ForAnyCall(IReadOnlyList<ResultRules> all) => new(
        [
            .. all.SelectMany(static rules => rules.Rules)
                .DistinctBy(static rule => rule.Pointer)
                .Where(static rule => rule.Pattern is not null),
        ],
        allowsVariants: true,
        all.Any(static rules => rules.IsEnforced));
}
