using System.Collections.Frozen;

namespace Gateway.Policy.Variants;

/// <summary>The names that a rule reads in one object, and what it reads further in.</summary>
internal abstract class NamedMembers
{
    private FrozenDictionary<string, string[]> _byForm = FrozenDictionary<string, string[]>.Empty;

    /// <summary>Whether a schema declares the names: then they are told apart on purpose.</summary>
    public abstract bool IsDeclared { get; }

    /// <summary>Whether there is nothing here and further in.</summary>
    public virtual bool IsEmpty => _byForm.Count == 0;

    /// <summary>The names whose plain form is the given one.</summary>
    public ReadOnlySpan<string> OfForm(string plainForm) => _byForm.GetValueOrDefault(plainForm);

    /// <summary>What is read within a member.</summary>
    public abstract void AddMember(string name, VariantSearch search);

    /// <summary>What is read within an element of an array.</summary>
    public abstract void AddItem(int index, VariantSearch search);

    protected void SetNames(IEnumerable<string> names) => _byForm = names
        .Distinct(StringComparer.Ordinal)
        .GroupBy(PlainForms.Of, StringComparer.Ordinal)
        .ToFrozenDictionary(static group => group.Key, static group => group.ToArray(), StringComparer.Ordinal);
}
