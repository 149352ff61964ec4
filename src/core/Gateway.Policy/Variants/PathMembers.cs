using Gateway.Policy.Conditions;

namespace Gateway.Policy.Variants;

/// <summary>The names that paths read, with all paths in one tree.</summary>
internal sealed class PathMembers : NamedMembers
{
    private readonly Dictionary<string, PathMembers> _members = new(StringComparer.Ordinal);
    private readonly Dictionary<int, PathMembers> _items = [];
    private PathMembers? _every;

    public override bool IsDeclared => false;

    public override bool IsEmpty => _members.Count == 0 && _items.Count == 0 && _every is null;

    public static PathMembers Of(IEnumerable<ArgumentPath> paths)
    {
        var root = new PathMembers();
        foreach (var path in paths)
        {
            var node = root;
            foreach (var step in path.Steps)
                node = node.Enter(step);
        }

        root.Close();
        return root;
    }

    public override void AddMember(string name, VariantSearch search)
    {
        if (_members.TryGetValue(name, out var member))
            search.Add(member);
    }

    public override void AddItem(int index, VariantSearch search)
    {
        if (_every is not null)
            search.Add(_every);
        if (_items.TryGetValue(index, out var item))
            search.Add(item);
    }

    private PathMembers Enter(PathStep step)
    {
        if (step.IsEvery)
            return _every ??= new PathMembers();
        if (step.Key is { } key)
            return _members.TryGetValue(key, out var member) ? member : _members[key] = new PathMembers();
        return _items.TryGetValue(step.Index, out var item) ? item : _items[step.Index] = new PathMembers();
    }

    private void Close()
    {
        SetNames(_members.Keys);
        foreach (var below in _members.Values.Concat(_items.Values).Concat(_every is null ? [] : [_every]))
            below.Close();
    }
}
