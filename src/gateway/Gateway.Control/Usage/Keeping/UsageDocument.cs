using Gateway.Control.Telemetry;
using Gateway.Control.Usage.Counting;

namespace Gateway.Control.Usage.Keeping;

/// <summary>The calls of one minute of one frontend, or of one hour of all of them, as the store keeps them.</summary>
/// <param name="At">The start of the minute or hour.</param>
/// <param name="Minutes">The number of minutes with figures.</param>
/// <param name="Frontends">The frontends that counted.</param>
/// <param name="Names">The names to which cells refer.</param>
/// <param name="Cells">
/// Indexes of grant, server, tool and outcome in the names, then the count and the index of the policy; a later release
/// may add more.
/// </param>
public sealed record UsageDocument(
    DateTimeOffset At,
    int Minutes,
    IReadOnlyList<UsageWriter> Frontends,
    IReadOnlyList<string> Names,
    IReadOnlyList<long[]> Cells)
{
    private const int KeyParts = 4;
    private const int PolicyPlace = KeyParts + 1;
    private const int ResultsMax = 1024;

    /// <summary>
    /// Indexes of grant, server, tool and policy in the names, the number of failed calls, then pairs of a bucket of
    /// <see cref="DurationCounts"/> and its count; null in a document of an earlier release.
    /// </summary>
    public IReadOnlyList<long[]>? Results { get; init; }

    /// <summary>
    /// The charges of budgets by grants, in the form of <see cref="Cells"/>; null in a document of an earlier release.
    /// Charges by services are cells, because they are not calls too.
    /// </summary>
    public IReadOnlyList<long[]>? Charges { get; init; }

    /// <summary>The highest use of limits; null in a document of an earlier release.</summary>
    public IReadOnlyList<UsageLimitUse>? Limits { get; init; }

    /// <summary>
    /// Returns a document of these figures; beyond the bound, the smallest are added up for each outcome.
    /// </summary>
    public static UsageDocument Of(
        DateTimeOffset at, int minutes, IReadOnlyList<UsageWriter> frontends, UsageFigures figures, int keysMax)
    {
        var results = figures.Results;
        var names = new List<string>();
        var places = new Dictionary<string, long>(StringComparer.Ordinal);
        var (cells, charges) = (CellsOf(figures.Calls), CellsOf(figures.Charges));
        var rows = (results.Count <= ResultsMax ? results : Folded(results)).Select(long[] (one) =>
        [
            Place(one.Key.Grant), Place(one.Key.Server), Place(one.Key.Tool), Place(one.Key.Policy), one.Value.Errors,
            .. one.Value.NonZero().SelectMany(static pair => new long[] { pair.Bucket, pair.Count }),
        ]).ToList();
        return new UsageDocument(at, minutes, frontends, names, cells)
        {
            Results = rows,
            Charges = charges,
            Limits = [.. figures.Limits.Select(static one => new UsageLimitUse(
                one.Key.Grant, one.Key.Server, one.Key.Counter, one.Key.Window, one.Value.Used, one.Value.Max,
                DateTimeOffset.FromUnixTimeMilliseconds(one.Value.ResetAtMs)))],
        };

        List<long[]> CellsOf(IReadOnlyCollection<KeyValuePair<UsageKey, long>> counts) =>
        [
            .. (counts.Count <= keysMax ? counts : Folded(counts, keysMax)).Select(long[] (one) =>
            [
                Place(one.Key.Grant), Place(one.Key.Server), Place(one.Key.Tool), Place(one.Key.Outcome), one.Value,
                Place(one.Key.Policy),
            ]),
        ];

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
    public IEnumerable<KeyValuePair<UsageKey, long>> Counts() => Counts(Cells);

    /// <summary>Returns the charges of budgets by grants, with <c>(budgets)</c> as the server.</summary>
    /// <exception cref="FormatException">The document has another form.</exception>
    public IEnumerable<KeyValuePair<UsageKey, long>> ChargeCounts() => Counts(Charges ?? []);

    private IEnumerable<KeyValuePair<UsageKey, long>> Counts(IReadOnlyList<long[]> cells)
    {
        foreach (var cell in cells)
        {
            // During a rolling upgrade, frontends of two releases read each other's documents: counts that this release
            // does not know are ignored, and a missing one is zero.
            var calls = cell is { Length: > KeyParts } ? cell[KeyParts] : 0;
            if (cell is not { Length: >= KeyParts } || calls < 0)
                throw new FormatException("A cell must have four names, and its counts must not be negative.");
            var policy = cell.Length > PolicyPlace && cell[PolicyPlace] < Names.Count ? Name(cell[PolicyPlace]) : "";
            yield return new(new UsageKey(Name(cell[0]), Name(cell[1]), Name(cell[2]), Name(cell[3]), policy), calls);
        }
    }

    /// <summary>Returns the results; their keys have the outcome <c>allowed</c>.</summary>
    /// <exception cref="FormatException">The document has another form.</exception>
    public IEnumerable<KeyValuePair<UsageKey, DurationCounts>> Durations()
    {
        foreach (var row in Results ?? [])
        {
            if (row is not { Length: > KeyParts } || row[KeyParts] < 0)
                throw new FormatException("Results must have four names, errors, and pairs of a bucket and a count.");
            var counts = new DurationCounts();
            counts.AddErrors(row[KeyParts]);
            // As for cells: what a later release adds after the pairs is ignored, and its longer durations are counted
            // as the longest that this one knows.
            for (var at = KeyParts + 1; at + 1 < row.Length; at += 2)
            {
                if (row[at] < 0 || row[at + 1] < 0)
                    throw new FormatException("Buckets and their counts must not be negative.");
                counts.Add((int)Math.Min(row[at], DurationCounts.Buckets - 1), row[at + 1]);
            }

            yield return new(
                new UsageKey(Name(row[0]), Name(row[1]), Name(row[2]), UsageCounts.Allowed, Name(row[3])), counts);
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

    private static Dictionary<UsageKey, DurationCounts> Folded(
        IReadOnlyCollection<KeyValuePair<UsageKey, DurationCounts>> results)
    {
        var kept = new Dictionary<UsageKey, DurationCounts>();
        foreach (var (key, counts) in results.OrderByDescending(static one => one.Value.Count))
        {
            var known = kept.Count < ResultsMax
                ? key
                : new UsageKey(UsageCounts.Other, UsageCounts.Other, UsageCounts.Other, UsageCounts.Allowed);
            if (!kept.TryGetValue(known, out var sum))
                kept[known] = sum = new DurationCounts();
            sum.Add(counts);
        }

        return kept;
    }
}

/// <summary>The figures of a minute or of an hour.</summary>
/// <param name="Calls">The decisions.</param>
/// <param name="Results">The results of allowed calls.</param>
/// <param name="Limits">The highest use of limits.</param>
public sealed record UsageFigures(
    IReadOnlyCollection<KeyValuePair<UsageKey, long>> Calls,
    IReadOnlyCollection<KeyValuePair<UsageKey, DurationCounts>> Results,
    IReadOnlyCollection<KeyValuePair<UsedLimit, UsedShare>> Limits)
{
    /// <summary>The charges of budgets by grants.</summary>
    public IReadOnlyCollection<KeyValuePair<UsageKey, long>> Charges { get; init; } = [];
}

/// <summary>The highest use of a limit in a minute or an hour.</summary>
/// <param name="Grant">The grant; <c>(all)</c> if all grants share the limit.</param>
/// <param name="Server">The server; <c>(budgets)</c> for a budget.</param>
/// <param name="Counter">The counter's name in the policy, or the budget's name.</param>
/// <param name="Window">The window.</param>
/// <param name="Used">The highest used amount.</param>
/// <param name="Max">The maximum of the window.</param>
/// <param name="Reset">The end of the window.</param>
public sealed record UsageLimitUse(
    string Grant, string Server, string Counter, string Window, double Used, double Max, DateTimeOffset Reset);

/// <summary>A run of a frontend: from its start to its end.</summary>
/// <param name="Name">The machine's name.</param>
/// <param name="Run">The id of one start of it, hexadecimal.</param>
/// <param name="First">The time of its start.</param>
/// <param name="Last">The time of its last write.</param>
/// <param name="Ended">True after an orderly end, so that no figures are missing.</param>
public sealed record UsageWriter(string Name, string Run, DateTimeOffset First, DateTimeOffset Last, bool Ended)
{
    /// <summary>Returns each run once, as in its latest document.</summary>
    public static IReadOnlyList<UsageWriter> Latest(IEnumerable<UsageWriter> writers) =>
    [
        .. writers.GroupBy(static one => one.Run, StringComparer.Ordinal)
            .Select(static run => run.MaxBy(static one => (one.Last, one.Ended))!)
            .OrderByDescending(static one => one.Last),
    ];
}
