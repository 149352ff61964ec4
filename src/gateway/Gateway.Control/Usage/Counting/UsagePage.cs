namespace Gateway.Control.Usage.Counting;

/// <summary>The counts of one minute.</summary>
/// <param name="minute">Minutes since 1970.</param>
/// <param name="table">The places of the keys.</param>
internal sealed class UsagePage(long minute, UsageTable table)
{
    private readonly long[] _counts = new long[table.Capacity];

    public long Minute => minute;

    public UsageTable Table => table;

    /// <summary>The number of calls at the last write; -1 if it was never written. Only its writer uses it.</summary>
    public long Written { get; set; } = -1;

    public void Add(int place) => Interlocked.Increment(ref _counts[place]);

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
