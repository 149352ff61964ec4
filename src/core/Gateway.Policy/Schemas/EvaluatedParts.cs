using Gateway.Policy.Json;

namespace Gateway.Policy.Schemas;

/// <summary>
/// The members and items of one value that keywords have evaluated successfully: the annotations that
/// <c>unevaluatedProperties</c> and <c>unevaluatedItems</c> read (JSON Schema 2020-12 core, section 11).
/// </summary>
internal sealed class EvaluatedParts
{
    private HashSet<string>? _members;
    private HashSet<int>? _items;
    private bool _allMembers;
    private int _prefix;

    /// <summary>Marks every member as evaluated.</summary>
    public void AddAllMembers() => _allMembers = true;

    public void AddMember(string name) => (_members ??= new HashSet<string>(StringComparer.Ordinal)).Add(name);

    /// <summary>Marks the first items as evaluated.</summary>
    public void AddPrefix(int length) => _prefix = Math.Max(_prefix, length);

    public void AddItem(int index) => (_items ??= []).Add(index);

    public bool HasMember(string name) => _allMembers || _members?.Contains(name) == true;

    public bool HasItem(int index) => index < _prefix || _items?.Contains(index) == true;

    /// <summary>
    /// Adds the parts that a subschema evaluated for the same value; false if that exceeds the budget.
    /// </summary>
    public bool Add(EvaluatedParts other, WorkBudget work)
    {
        if (!work.Spend((other._members?.Count ?? 0) + (other._items?.Count ?? 0)))
            return false;
        _allMembers |= other._allMembers;
        AddPrefix(other._prefix);
        foreach (var name in other._members ?? [])
            AddMember(name);
        foreach (var index in other._items ?? [])
            AddItem(index);
        return true;
    }
}
