using Gateway.Control.Usage.Counting;

namespace Gateway.Control.Usage.Keeping;

/// <summary>The calls of one minute of one frontend, or of one hour of all of them, as the store keeps them.</summary>
/// <param name="At">The start of the minute or hour.</param>
/// <param name="Minutes">The number of minutes with figures.</param>
/// <param name="Frontends">The frontends that counted.</param>
/// <param name="Names">The names to which cells refer.</param>
/// <param name="Cells">
/// Indexes of grant, server, tool and outcome in the names, then the count; a later release may add more counts.
/// </param>
public sealed record UsageDocument(
    DateTimeOffset At,
    int Minutes,
    IReadOnlyList<UsageWriter> Frontends,
    IReadOnlyList<string> Names,
    IReadOnlyList<long[]> Cells)
{
    private const int KeyParts = 4;

    /// <summary>
    /// Returns a document of these counts; beyond the bound, the smallest are added up for each outcome.
    /// </summary>
    public static UsageDocument Of(
        DateTimeOffset at, int minutes, IReadOnlyList<UsageWriter> frontends,
        IReadOnlyCollection<KeyValuePair<UsageKey, long>> counts, int keysMax)
    {
        var names = new List<string>();
        var places = new Dictionary<string, long>(StringComparer.Ordinal);
        var kept = counts.Count <= keysMax ? counts : Folded(counts, keysMax);
        var cells = kept.Select(long[] (one) =>
            [Place(one.Key.Grant), Place(one.Key.Server), Place(one.Key.Tool), Place(one.Key.Outcome), one.Value]);
        return new UsageDocument(at, minutes, frontends, names, [.. cells.ToList()]);

        long Place(string name)
        {
            if (places.TryGetValue(name, out var place))
                return place;
            names.Add(name);
            return places[name] = names.Count - 1;
        }
    }

    /// <summary>Returns the counts.</summary>
    /// <exception cref="FormatException">The document has another form.</exception>
    public IEnumerable<KeyValuePair<UsageKey, long>> Counts()
    {
        foreach (var cell in Cells)
        {
            // During a rolling upgrade, frontends of two releases read each other's documents: counts that this release
            // does not know are ignored, and a missing one is zero.
            var calls = cell is { Length: > KeyParts } ? cell[KeyParts] : 0;
            if (cell is not { Length: >= KeyParts } || calls < 0)
                throw new FormatException("A cell must have four names, and its counts must not be negative.");
            yield return new(new UsageKey(Name(cell[0]), Name(cell[1]), Name(cell[2]), Name(cell[3])), calls);
        }
    }

    private string Name(long place) => place >= 0 && place < Names.Count
        ? Names[(int)place]
        : throw new FormatException("A cell refers to a name that does not exist.");

    private static Dictionary<UsageKey, long> Folded(
        IReadOnlyCollection<KeyValuePair<UsageKey, long>> counts, int keysMax)
    {
        var kept = new Dictionary<UsageKey, long>();
        foreach (var (key, count) in counts.OrderByDescending(static one => one.Value))
        {
            var known = kept.Count < keysMax
                ? key
                : new UsageKey(UsageCounts.Other, UsageCounts.Other, UsageCounts.Other, key.Outcome);
            kept[known] = kept.GetValueOrDefault(known) + count;
        }

        return kept;
    }
}
