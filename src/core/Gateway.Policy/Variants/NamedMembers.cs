using System.Collections.Frozen;

namespace Gateway.Policy.Variants;

/// <summary>The names that a rule reads in one object, and the names that it reads in nested values.</summary>
internal abstract class NamedMembers
{
    private FrozenDictionary<string, string[]> _byForm = FrozenDictionary<string, string[]>.Empty;

    /// <summary>True if a schema declares the names, which are then distinct on purpose.</summary>
    public abstract bool IsDeclared { get; }

    /// <summary>True if no names are read here or in nested values.</summary>
    public virtual bool IsEmpty => _byForm.Count == 0;

    /// <summary>Returns the names with the given plain form.</summary>
    public ReadOnlySpan<string> OfForm(string plainForm) => _byForm.GetValueOrDefault(plainForm);

    /// <summary>Adds the names that are read within a member.</summary>
    public abstract void AddMember(string name, VariantSearch search);

    /// <summary>Adds the names that are read within an element of an array.</summary>
    public abstract void AddItem(int index, VariantSearch search);

    protected void SetNames(IEnumerable<string> names) => _byForm = names
        .Distinct(StringComparer.Ordinal)
        .GroupBy(PlainForms.Of, StringComparer.Ordinal)
        .ToFrozenDictionary(static group => group.Key, static group => group.ToArray(), StringComparer.Ordinal);
}
