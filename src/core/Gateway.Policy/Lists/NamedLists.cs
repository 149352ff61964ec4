using Gateway.Policy.Budgets;

namespace Gateway.Policy.Lists;

/// <summary>The lists, and the budgets, that policies may name, at one instant.</summary>
/// <param name="All">By name; null for one that is there and cannot be read.</param>
/// <param name="MayBeMore">There may be others, which are not known here.</param>
public sealed record NamedLists(IReadOnlyDictionary<string, NamedList?> All, bool MayBeMore = false)
{
    /// <summary>
    /// The budgets by name; null where nobody knows which there are, so that nothing is charged to any.
    /// </summary>
    public IReadOnlyDictionary<string, Budget>? Budgets { get; init; }

    /// <summary>Whether each budget is taken to give its leave, as where grants are made up to try a policy.</summary>
    public bool PresumesLeave { get; init; }

    /// <summary>There is none.</summary>
    public static NamedLists None { get; } = new(new Dictionary<string, NamedList?>());

    /// <summary>Nobody knows which there are.</summary>
    public static NamedLists Unknown { get; } = None with { MayBeMore = true };

    /// <summary>Why a policy cannot compare so; null where it can, or where that is not known.</summary>
    public string? Problem(ListUse use)
    {
        if (!All.TryGetValue(use.Name, out var list))
            return MayBeMore ? null : $"there is no list \"{use.Name}\"{Text.Spelling.Suggest(use.Name, All.Keys)}";
        return list?.FirstWithout(use.Form) is { } value
            ? $"the list \"{use.Name}\" has the value \"{Text.Spelling.Shorten(value)}\", which is {Wanted(use.Form)}"
            : null;
    }

    /// <summary>
    /// Why no policy can charge a budget of that name; null where one can, or where that is not known.
    /// </summary>
    public string? ProblemOfBudget(string name)
    {
        if (Budgets is null)
            return null;
        if (!Budgets.TryGetValue(name, out var budget))
            return $"there is no budget \"{name}\"{Text.Spelling.Suggest(name, Budgets.Keys)}";
        return budget.IsKeyed
            ? $"the budget \"{name}\" is \"keyed\", and a policy gives no key: name one that is not" : null;
    }

    /// <summary>Why a grant may not charge a budget; null where it may, or where that is not known.</summary>
    public string? ProblemOfBudget(string name, string grant) => ProblemOfBudget(name)
        ?? (Budgets is not null && FindBudget(name, grant) is null
            ? $"the budget \"{name}\" does not name the grant {grant} under \"grants\"" : null);

    /// <summary>Whether each list that is named is known here, or known not to be there.</summary>
    public bool Covers(IEnumerable<ListUse> uses) => !MayBeMore || uses.All(use => All.ContainsKey(use.Name));

    /// <summary>The budget that a policy of this grant may charge; null where there is none or none is known.</summary>
    internal Budget? FindBudget(string name, string grant) =>
        Budgets?.GetValueOrDefault(name) is { IsKeyed: false } budget && (PresumesLeave || budget.AdmitsGrant(grant))
            ? budget : null;

    internal NamedList? Find(string name) => All.GetValueOrDefault(name);

    private static string Wanted(ValueForm form) => form switch
    {
        ValueForm.Number => "no number",
        ValueForm.Host => "no host name",
        ValueForm.Digits => "without digits from 0 to 9, or with some of another script",
        _ => throw new NotSupportedException($"ValueForm {form} has no case here."),
    };
}
