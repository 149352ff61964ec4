using Gateway.Policy.Budgets;

namespace Gateway.Policy.Lists;

/// <summary>The lists and budgets that policies may refer to, at one instant.</summary>
/// <param name="All">The lists by name; null for a list that exists and cannot be read.</param>
/// <param name="MayBeMore">True if there may be other lists and budgets that are not known here.</param>
public sealed record NamedLists(IReadOnlyDictionary<string, NamedList?> All, bool MayBeMore = false)
{
    /// <summary>The budgets by name; null if unknown, in which case nothing is charged to any.</summary>
    public IReadOnlyDictionary<string, Budget>? Budgets { get; init; }

    /// <summary>
    /// True if each budget is assumed to name every grant, as when grants are made up to test a policy.
    /// </summary>
    public bool PresumesLeave { get; init; }

    /// <summary>No lists.</summary>
    public static NamedLists None { get; } = new(new Dictionary<string, NamedList?>());

    /// <summary>Unknown lists.</summary>
    public static NamedLists Unknown { get; } = None with { MayBeMore = true };

    /// <summary>
    /// Returns the reason why a policy cannot use a list this way; null if it can, or if that is unknown.
    /// </summary>
    public string? Problem(ListUse use)
    {
        if (!All.TryGetValue(use.Name, out var list))
            return MayBeMore ? null : $"there is no list \"{use.Name}\"{Text.Spelling.Suggest(use.Name, All.Keys)}";
        return list?.FirstWithout(use.Form) is { } value
            ? $"the list \"{use.Name}\" has the value \"{Text.Spelling.Shorten(value)}\", which {Wanted(use.Form)}"
            : null;
    }

    /// <summary>
    /// Returns the reason why no policy can charge a budget of that name; null if one can, or if that is unknown.
    /// </summary>
    public string? ProblemOfBudget(string name)
    {
        if (Budgets is null)
            return null;
        if (!Budgets.TryGetValue(name, out var budget))
        {
            return MayBeMore ? null
                : $"there is no budget \"{name}\"{Text.Spelling.Suggest(name, Budgets.Keys)}";
        }

        return budget.IsKeyed
            ? $"the budget \"{name}\" is \"keyed\", and a policy gives no key: use a budget that is not" : null;
    }

    /// <summary>
    /// Returns the reason why a grant may not charge a budget; null if it may, or if that is unknown.
    /// </summary>
    public string? ProblemOfBudget(string name, string grant) => ProblemOfBudget(name)
        ?? (Budgets?.ContainsKey(name) == true && FindBudget(name, grant) is null
            ? $"the budget \"{name}\" does not name the grant {grant} under \"grants\"" : null);

    /// <summary>
    /// Returns true if each list and budget of a policy is known here, or known not to exist.
    /// </summary>
    public bool Covers(IEnumerable<ListUse> uses, IEnumerable<string> budgets) =>
        !MayBeMore || (uses.All(use => All.ContainsKey(use.Name))
            && (Budgets is null || budgets.All(Budgets.ContainsKey)));

    /// <summary>
    /// Returns the budget that a policy of this grant may charge; null if there is none or none is known.
    /// </summary>
    internal Budget? FindBudget(string name, string grant) =>
        Budgets?.GetValueOrDefault(name) is { IsKeyed: false } budget && (PresumesLeave || budget.AdmitsGrant(grant))
            ? budget : null;

    internal NamedList? Find(string name) => All.GetValueOrDefault(name);

    private static string Wanted(ValueForm form) => form switch
    {
        ValueForm.Number => "is not a number",
        ValueForm.Host => "is not a host name",
        ValueForm.Digits => "has no digits from 0 to 9, or has digits of another script",
        _ => throw new NotSupportedException($"ValueForm {form} has no case here."),
    };
}

/// <summary>A policy's use of a named list.</summary>
/// <param name="Name">The list's name.</param>
/// <param name="Form">The form that each of its values must have.</param>
public readonly record struct ListUse(string Name, ValueForm Form);
