namespace Gateway.Policy.Lists;

/// <summary>The lists that policies may name, at one instant.</summary>
/// <param name="All">By name; null for one that is there and cannot be read.</param>
/// <param name="MayBeMore">There may be others, which are not known here.</param>
public sealed record NamedLists(IReadOnlyDictionary<string, NamedList?> All, bool MayBeMore = false)
{
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

    /// <summary>Whether each list that is named is known here, or known not to be there.</summary>
    public bool Covers(IEnumerable<ListUse> uses) => !MayBeMore || uses.All(use => All.ContainsKey(use.Name));

    internal NamedList? Find(string name) => All.GetValueOrDefault(name);

    private static string Wanted(ValueForm form) => form switch
    {
        ValueForm.Number => "no number",
        ValueForm.Host => "no host name",
        _ => "without digits from 0 to 9, or with some of another script",
    };
}
