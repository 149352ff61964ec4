using System.Collections.Immutable;
using Gateway.Policy.Conditions;
using Gateway.Policy.Variants;

namespace Gateway.Policy.Results;

/// <summary>The rules for responses to the calls that one entry or section covers. Immutable.</summary>
public sealed class ResultRules
{
    private ResultRules(ImmutableArray<ResultRule> rules, bool allowsVariants, bool isEnforced)
    {
        (Rules, IsEnforced) = (rules, isEnforced);
        Names = allowsVariants ? null : PathMembers.Of(rules
            .Where(static rule => !rule.IsShadow)
            .SelectMany(static rule => rule.Path is { } path ? [path] : rule.DenyIf?.Paths ?? []));
    }

    /// <summary>The rules of a call whose response passes unchanged.</summary>
    public static ResultRules None { get; } = new([], allowsVariants: true, isEnforced: false);

    /// <summary>True if there are no rules.</summary>
    public bool IsEmpty => Rules.IsEmpty;

    /// <summary>
    /// True if a rule refuses or changes a response; false if every rule is in shadow mode. For messages outside of
    /// calls, true if any response's rules do.
    /// </summary>
    public bool IsEnforced { get; }

    internal ImmutableArray<ResultRule> Rules { get; }

    /// <summary>The schema that a changed response must still fit; null if it is unknown.</summary>
    internal OutputSchema? Schema { get; private set; }

    /// <summary>The members that a rule reads by name; null if their variants are allowed.</summary>
    internal PathMembers? Names { get; }

    /// <summary>
    /// True if the response is the state of a task, whose own <c>result</c> is the response to the call.
    /// </summary>
    internal bool IsOfTask { get; private set; }

    /// <summary>Returns the rules for a response that is the state of a task.</summary>
    public ResultRules OfTask()
    {
        if (IsEmpty)
            return this;
        var ofTask = (ResultRules)MemberwiseClone();
        ofTask.IsOfTask = true;
        return ofTask;
    }

    /// <summary>Returns the rules with a schema that changed responses must fit.</summary>
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
    /// Returns the rules for a message that belongs to no particular call: every pattern of all of them.
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

/// <summary>One rule for responses: a path or a pattern to redact, or a condition that denies.</summary>
/// <param name="Pointer">The location of the rule in the document.</param>
/// <param name="IsShadow">True if matches are only recorded.</param>
/// <param name="Path">The value to redact; null for the other two kinds.</param>
/// <param name="Pattern">The pattern to redact in every text.</param>
/// <param name="DenyIf">The condition that denies the response.</param>
internal sealed record ResultRule(
    string Pointer, bool IsShadow, ArgumentPath? Path = null, TextPattern? Pattern = null, Condition? DenyIf = null)
{
    /// <summary>Returns the effect of the rule in words.</summary>
    public string Describe() =>
        (Path is { } path ? $"{path} of the response is redacted"
            : Pattern is { } pattern ? $"{pattern.Name} anywhere in the response is redacted"
            : $"a response where {DenyIf!.Describe()} is denied")
        + (IsShadow ? ", in shadow: it is only recorded" : "");
}
