using System.Collections.Immutable;
using Gateway.Policy.Patterns;
using Gateway.Policy.Variants;

namespace Gateway.Policy.Rules;

/// <summary>Finds the entries whose name or pattern matches a look-alike of a name.</summary>
internal sealed class LookAlikeIndex<T>
    where T : class
{
    private readonly ILookup<string, T> _names;
    private readonly PatternIndex<T[]> _patterns;

    public LookAlikeIndex(IReadOnlyList<(Glob Glob, T Value)> entries)
    {
        _names = entries.Where(static entry => entry.Glob.IsExact)
            .SelectMany(static entry => LookAlikes.NameKeysOf(entry.Glob.Text).Select(key => (key, entry.Value)))
            .ToLookup(static named => named.key, static named => named.Value, StringComparer.Ordinal);
        _patterns = new PatternIndex<T[]>(entries.Where(static entry => !entry.Glob.IsExact)
            .SelectMany(static entry => LookAlikes.KeysOf(entry.Glob.Text).Select(key => (key, entry.Value)))
            .GroupBy(static pattern => pattern.key, static pattern => pattern.Value, StringComparer.Ordinal)
            .Select(static group => (new Glob(group.Key, GlobStyle.Name), group.ToArray())));
    }

    /// <summary>
    /// Returns the entries of exact names that share a key, and the patterns with at least this much literal text that
    /// match a key.
    /// </summary>
    /// <param name="keys">The keys of the name, as returned by <see cref="LookAlikes.KeysOf"/>.</param>
    /// <param name="specificity">Minimum length of a pattern's literal text.</param>
    public List<T> Find(ImmutableArray<string> keys, int specificity)
    {
        var found = new List<T>();
        foreach (var key in LookAlikes.OfNames(keys))
            found.AddRange(_names[key]);
        if (_patterns.IsEmpty)
            return found;
        var groups = new List<T[]>();
        foreach (var key in keys)
            _patterns.Collect(key, specificity, groups);
        foreach (var group in groups)
            found.AddRange(group);
        return found;
    }
}
