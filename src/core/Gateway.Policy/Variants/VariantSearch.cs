using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Gateway.Policy.Json;

namespace Gateway.Policy.Variants;

/// <summary>
/// Searches the arguments of one call for a member that no rule reads, but that a reader with other rules for names
/// could take for one that a rule reads.
/// </summary>
internal sealed class VariantSearch(WorkBudget work)
{
    private const int LinearMax = 16;

    // The entries read at the current location are one run at the end; those of enclosing locations come before it.
    private readonly List<NamedMembers> _read = [];
    private HashSet<NamedMembers>? _seen;
    private int _from;

    /// <summary>The policy's name for the member that was found; null if the search took too long.</summary>
    public string? Found { get; private set; }

    /// <summary>
    /// Returns true if the search finds nothing; false too if that cannot be determined within the budget.
    /// </summary>
    public bool IsClear(ImmutableArray<SchemaMembers> schemas, PathMembers paths, JsonNode arguments)
    {
        foreach (var schema in schemas)
            schema.AddTo(this);
        Add(paths);
        return IsClear(arguments, 0, _read.Count);
    }

    /// <summary>Adds the names that are read in a nested value. Called by the names of the enclosing one.</summary>
    public void Add(NamedMembers members)
    {
        if (members.IsEmpty)
            return;
        if (work.Spend(1) && IsNew(members))
            _read.Add(members);
    }

    private bool IsNew(NamedMembers members)
    {
        var here = CollectionsMarshal.AsSpan(_read)[_from..];
        if (here.Length < LinearMax)
            return !here.Contains(members);
        if (here.Length == LinearMax)
        {
            _seen = [.. here.ToArray()];
        }

        return _seen!.Add(members);
    }

    private bool IsClear(JsonNode node, int from, int to)
    {
        foreach (var (name, _, value) in node.Members)
        {
            if (!IsClear(name, from, to))
                return false;
            _from = to;
            for (var i = from; i < to && HasInside(value); i++)
                _read[i].AddMember(name, this);
            if (!IsClearBelow(value, to))
                return false;
        }

        for (var index = 0; index < node.Items.Length; index++)
        {
            var item = node.Items[index];
            _from = to;
            work.Spend(to - from);
            for (var i = from; i < to && HasInside(item); i++)
                _read[i].AddItem(index, this);
            if (!IsClearBelow(item, to))
                return false;
        }

        return !work.IsExhausted;
    }

    private bool IsClearBelow(JsonNode node, int from)
    {
        if (work.IsExhausted)
            return false;
        if (_read.Count == from)
            return true;
        var isClear = IsClear(node, from, _read.Count);
        _read.RemoveRange(from, _read.Count - from);
        return isClear;
    }

    private bool IsClear(string name, int from, int to)
    {
        var plain = PlainForms.Of(name);
        work.Spend(to - from + (name.Length / WorkBudget.CharactersPerStep));
        for (var i = from; i < to; i++)
        {
            foreach (var read in _read[i].OfForm(plain))
            {
                if (read == name || AreDeclared(plain, read, name, from, to))
                    continue;
                Found = read;
                return false;
            }
        }

        return true;
    }

    /// <summary>Returns true if one schema declares both names side by side.</summary>
    private bool AreDeclared(string plain, string first, string second, int from, int to)
    {
        work.Spend(to - from);
        for (var i = from; i < to; i++)
        {
            var names = _read[i].OfForm(plain);
            if (_read[i].IsDeclared && names.Contains(first) && names.Contains(second))
                return true;
        }

        return false;
    }

    private static bool HasInside(JsonNode node) => !node.Members.IsEmpty || !node.Items.IsEmpty;
}
