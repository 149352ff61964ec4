using System.Collections.Frozen;
using Gateway.Policy.Json;

namespace Gateway.Policy.Patterns;

/// <summary>
/// Finds the most specific entry for a name: the exact one, otherwise the matching pattern with the longest literal
/// text, with ties broken consistently. Patterns are indexed by their literal beginning (or end), so that ten thousand
/// of them cost about as much as ten.
/// </summary>
internal sealed class PatternIndex<T>
    where T : class
{
    private readonly FrozenDictionary<string, T> _exact;
    private readonly Affixes _byPrefix;
    private readonly Affixes _bySuffix;

    public PatternIndex(IEnumerable<(Glob Glob, T Value)> entries)
    {
        var exact = new Dictionary<string, T>(StringComparer.Ordinal);
        var patterns = new List<(Glob Glob, T Value)>();
        foreach (var (glob, value) in entries.DistinctBy(static entry => entry.Glob.Text))
        {
            if (glob.IsExact)
                exact.TryAdd(glob.Text, value);
            else
                patterns.Add((glob, value));
        }

        _exact = exact.ToFrozenDictionary(StringComparer.Ordinal);
        var rooted = patterns.ToLookup(static pattern => pattern.Glob.Prefix.Length > 0);
        _byPrefix = new Affixes(rooted[true], static glob => glob.Prefix, fromEnd: false);
        _bySuffix = new Affixes(rooted[false], static glob => glob.Suffix, fromEnd: true);
    }

    public bool IsEmpty => _exact.Count == 0 && _byPrefix.IsEmpty && _bySuffix.IsEmpty;

    /// <param name="name">The name to look up.</param>
    /// <param name="work">The budget to charge, if any; once it is used up, nothing is found.</param>
    public T? Find(string name, WorkBudget? work = null) => Find(name, work, out _, out _);

    /// <summary>
    /// Finds an entry, and returns whether it matches by its exact name, or else the length of its literal text.
    /// </summary>
    public T? Find(string name, out bool isExact, out int specificity) =>
        Find(name, work: null, out isExact, out specificity);

    /// <summary>Adds every pattern that matches the name and has at least this much literal text.</summary>
    public void Collect(string name, int specificity, ICollection<T> found)
    {
        _byPrefix.Collect(name, specificity, found);
        _bySuffix.Collect(name, specificity, found);
    }

    private T? Find(string name, WorkBudget? work, out bool isExact, out int specificity)
    {
        specificity = -1;
        isExact = _exact.TryGetValue(name, out var best);
        if (isExact)
            return best;
        _byPrefix.Improve(name, work, ref best, ref specificity);
        _bySuffix.Improve(name, work, ref best, ref specificity);
        return best;
    }

    /// <summary>Patterns in buckets of equal literal beginning (or end), longest literal text first.</summary>
    private sealed class Affixes
    {
        private readonly FrozenDictionary<string, Entry[]> _buckets;
        private readonly (int Length, int LiteralMax)[] _lengths;
        private readonly bool _fromEnd;

        public Affixes(IEnumerable<(Glob Glob, T Value)> patterns, Func<Glob, string> affix, bool fromEnd)
        {
            _fromEnd = fromEnd;
            _buckets = patterns
                .GroupBy(p => affix(p.Glob), StringComparer.Ordinal)
                .ToFrozenDictionary(
                    static bucket => bucket.Key,
                    static bucket => bucket.Select(Entry.Of).OrderByDescending(static e => e.LiteralLength).ToArray(),
                    StringComparer.Ordinal);
            var literalMax = 0;
            var lengths = new List<(int Length, int LiteralMax)>();
            foreach (var group in _buckets.GroupBy(static bucket => bucket.Key.Length).OrderBy(static g => g.Key))
            {
                literalMax = Math.Max(literalMax, group.Max(static bucket => bucket.Value[0].LiteralLength));
                lengths.Add((group.Key, literalMax));
            }

            lengths.Reverse();
            _lengths = [.. lengths];
        }

        public bool IsEmpty => _lengths.Length == 0;

        public void Improve(string name, WorkBudget? work, ref T? best, ref int specificity)
        {
            if (_lengths.Length == 0)
                return;
            var lookup = _buckets.GetAlternateLookup<ReadOnlySpan<char>>();
            foreach (var (length, literalMax) in _lengths)
            {
                // No later entry is more specific. With prefixes of many lengths this saves most lookups.
                if (literalMax <= specificity)
                    return;
                if (length > name.Length)
                    continue;
                var affix = _fromEnd ? name.AsSpan(name.Length - length) : name.AsSpan(0, length);
                if (lookup.TryGetValue(affix, out var bucket))
                    Improve(bucket, name, work, ref best, ref specificity);
            }
        }

        public void Collect(string name, int specificity, ICollection<T> found)
        {
            if (_lengths.Length == 0)
                return;
            var lookup = _buckets.GetAlternateLookup<ReadOnlySpan<char>>();
            foreach (var (length, literalMax) in _lengths)
            {
                if (literalMax < specificity)
                    return;
                if (length > name.Length)
                    continue;
                var affix = _fromEnd ? name.AsSpan(name.Length - length) : name.AsSpan(0, length);
                if (!lookup.TryGetValue(affix, out var bucket))
                    continue;
                foreach (var entry in bucket)
                {
                    if (entry.LiteralLength < specificity)
                        break;
                    if (entry.IsAffixOnly || entry.Glob.Matches(name))
                        found.Add(entry.Value);
                }
            }
        }

        private static void Improve(
            Entry[] bucket, string name, WorkBudget? work, ref T? best, ref int specificity)
        {
            foreach (var entry in bucket)
            {
                if (entry.LiteralLength <= specificity)
                    return;
                if (!entry.IsAffixOnly && !Matches(entry.Glob, name, work))
                    continue;
                best = entry.Value;
                specificity = entry.LiteralLength;
                return;
            }
        }

        private static bool Matches(Glob glob, string name, WorkBudget? work)
        {
            if (work is { IsExhausted: true })
                return false;
            var isMatch = glob.Matches(name, out var steps);
            return work?.SpendPlaces(steps) != false && isMatch;
        }
    }

    /// <summary>
    /// The data of a pattern that a lookup needs, contiguous in memory: for <c>send_*</c> the bucket itself is the
    /// match.
    /// </summary>
    private readonly record struct Entry(int LiteralLength, bool IsAffixOnly, Glob Glob, T Value)
    {
        public static Entry Of((Glob Glob, T Value) pattern) =>
            new(pattern.Glob.LiteralLength, pattern.Glob.IsAffixOnly, pattern.Glob, pattern.Value);
    }
}
