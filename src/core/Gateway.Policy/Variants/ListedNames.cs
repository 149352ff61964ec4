using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Gateway.Policy.Variants;

/// <summary>
/// The names in one list of a server, and which of them look like each other. Safe to share; names are only added.
/// </summary>
public sealed class ListedNames
{
    // A policy cannot name a longer one, and no compared name looks like it.
    private const int LengthMax = 512;

    private readonly ConcurrentDictionary<string, NameListing> _listed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _byKey = new(StringComparer.Ordinal);

    /// <summary>Creates the set with these names.</summary>
    public ListedNames(IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        foreach (var name in names)
            Add(name);
    }

    /// <summary>Adds a name that the server lists.</summary>
    public void Add(string name)
    {
        lock (_byKey)
        {
            if (!_listed.TryAdd(name, NameListing.Listed) || name.Length > LengthMax)
                return;
            var keys = LookAlikes.NameKeysOf(name);
            foreach (var other in Sharing(keys))
                _listed[other] = new NameListing(true, [.. _listed[other].LookAlikes, name]);
            if (Sharing(keys) is { Length: > 0 } others)
                _listed[name] = new NameListing(true, [.. others]);
            foreach (var key in keys)
            {
                if (!_byKey.TryGetValue(key, out var names))
                    _byKey[key] = names = [];
                names.Add(name);
            }
        }
    }

    /// <summary>Returns whether a name is listed, and the other listed names that it looks like.</summary>
    public NameListing Of(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (_listed.TryGetValue(name, out var listing))
            return listing;
        if (_listed.IsEmpty || name.Length > LengthMax)
            return NameListing.Unknown;
        var keys = LookAlikes.NameKeysOf(name);
        lock (_byKey)
        {
            return Sharing(keys) is { Length: > 0 } others ? new NameListing(false, [.. others]) : NameListing.Unknown;
        }
    }

    private string[] Sharing(IEnumerable<string> keys) =>
        [.. keys.SelectMany(key => _byKey.GetValueOrDefault(key, [])).Distinct(StringComparer.Ordinal)];
}

/// <summary>
/// The relation of a name to the names that a server lists. The caller determines it, never the policy.
/// </summary>
/// <param name="IsListed">True if the name is listed, byte for byte.</param>
/// <param name="LookAlikes">
/// The other listed names that differ from it only in case, compatibility form or look-alike characters.
/// </param>
public sealed record NameListing(bool IsListed, ImmutableArray<string> LookAlikes)
{
    /// <summary>A name that is not listed, or whose server's list is unknown.</summary>
    public static NameListing Unknown { get; } = new(false, []);

    /// <summary>A listed name that no other listed name looks like.</summary>
    public static NameListing Listed { get; } = new(true, []);
}
