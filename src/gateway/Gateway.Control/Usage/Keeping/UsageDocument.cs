using Gateway.Control.Usage.Counting;

namespace Gateway.Control.Usage.Keeping;

/// <summary>The calls of one minute of one frontend, or of one hour of all of them, as the store keeps them.</summary>
/// <param name="At">When the minute or hour began.</param>
/// <param name="Minutes">Minutes that it has figures of.</param>
/// <param name="Frontends">Who counted.</param>
/// <param name="Names">What cells refer to.</param>
/// <param name="Cells">
/// Grant, server, tool and outcome as places in the names, then how many; a later release may add more counts.
/// </param>
public sealed record UsageDocument(
    DateTimeOffset At,
    int Minutes,
    IReadOnlyList<UsageWriter> Frontends,
    IReadOnlyList<string> Names,
    IReadOnlyList<long[]> Cells)
{
    private const int KeyParts = 4;

    /// <summary>A document of these counts; beyond so many, the least count as one for each outcome.</summary>
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

    /// <summary>What was counted.</summary>
    /// <exception cref="FormatException">It is no such document.</exception>
    public IEnumerable<KeyValuePair<UsageKey, long>> Counts()
    {
        foreach (var cell in Cells)
        {
            // During a rolling upgrade, frontends of two releases read each other's documents: counts that this release
            // does not know are ignored, and one that is missing is zero.
            var calls = cell is { Length: > KeyParts } ? cell[KeyParts] : 0;
            if (cell is not { Length: >= KeyParts } || calls < 0)
                throw new FormatException("A cell has four names, and its counts are not negative.");
            yield return new(new UsageKey(Name(cell[0]), Name(cell[1]), Name(cell[2]), Name(cell[3])), calls);
        }
    }

    private string Name(long place) => place >= 0 && place < Names.Count
        ? Names[(int)place]
        : throw new FormatException("A cell names what is not there.");

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
