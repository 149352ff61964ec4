using System.Runtime.InteropServices;
using Gateway.Control.Telemetry;

namespace Gateway.Control.Usage.Counting;

/// <summary>The counts of one minute.</summary>
/// <param name="minute">Minutes since 1970.</param>
/// <param name="table">The places of the keys.</param>
internal sealed class UsagePage(long minute, UsageTable table)
{
    private readonly long[] _counts = new long[table.Capacity];
    private readonly DurationCounts?[] _results = new DurationCounts?[table.Capacity];
    private readonly Dictionary<UsedLimit, UsedShare> _limits = [];
    private readonly Dictionary<UsageKey, long> _charges = [];

    public long Minute => minute;

    public UsageTable Table => table;

    /// <summary>The number of calls at the last write; -1 if it was never written. Only its writer uses it.</summary>
    public long Written { get; set; } = -1;

    /// <summary>The number of results at the last write. Only its writer uses it.</summary>
    public long WrittenResults { get; set; }

    /// <summary>The use of limits in this minute. Only its writer uses it.</summary>
    public IReadOnlyDictionary<UsedLimit, UsedShare> Limits => _limits;

    public void Add(int place) => Interlocked.Increment(ref _counts[place]);

    /// <summary>Counts a grant's charge of a budget.</summary>
    public void Charge(UsageKey key)
    {
        lock (_charges)
        {
            if (_charges.Count >= table.Capacity && !_charges.ContainsKey(key))
                key = key with { Grant = UsageCounts.Other, Tool = UsageCounts.Other, Policy = "" };
            CollectionsMarshal.GetValueRefOrAddDefault(_charges, key, out _)++;
        }
    }

    /// <summary>Returns the charges up to now.</summary>
    public List<KeyValuePair<UsageKey, long>> ReadCharges()
    {
        lock (_charges)
            return [.. _charges];
    }

    /// <summary>Returns the results of a place; null if it has none yet.</summary>
    public DurationCounts? ResultsAt(int place) => Volatile.Read(ref _results[place]);

    /// <summary>Creates the results of a place. Not for concurrent use.</summary>
    public DurationCounts CreateResults(int place)
    {
        var created = new DurationCounts();
        Volatile.Write(ref _results[place], created);
        return created;
    }

    /// <summary>Notes the use of a limit; the highest of the minute is kept.</summary>
    public void Note(UsedLimit limit, UsedShare use) =>
        _limits[limit] = _limits.TryGetValue(limit, out var before) && before.Used > use.Used ? before : use;

    /// <summary>Returns the results up to now.</summary>
    public List<KeyValuePair<UsageKey, DurationCounts>> ReadResults()
    {
        var results = new List<KeyValuePair<UsageKey, DurationCounts>>();
        for (var place = 0; place < table.Count; place++)
        {
            if (Volatile.Read(ref _results[place]) is { } counts)
                results.Add(new(table.KeyAt(place), counts));
        }

        return results;
    }

    /// <summary>Returns the counts up to now, and their sum.</summary>
    public (List<KeyValuePair<UsageKey, long>> Cells, long Sum) Read()
    {
        var cells = new List<KeyValuePair<UsageKey, long>>();
        long sum = 0;
        for (var place = 0; place < table.Count; place++)
        {
            if (Volatile.Read(ref _counts[place]) is not (> 0 and var count))
                continue;
            cells.Add(new(table.KeyAt(place), count));
            sum += count;
        }

        return (cells, sum);
    }
}
