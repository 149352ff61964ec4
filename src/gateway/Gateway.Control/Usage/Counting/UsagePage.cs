namespace Gateway.Control.Usage.Counting;

/// <summary>The counts of one minute.</summary>
/// <param name="minute">Minutes since 1970.</param>
/// <param name="table">Where each key stands.</param>
internal sealed class UsagePage(long minute, UsageTable table)
{
    private readonly long[] _counts = new long[table.Capacity];

    public long Minute => minute;

    public UsageTable Table => table;

    /// <summary>Calls that were counted when it was written last; -1 where it never was. Its one writer's.</summary>
    public long Written { get; set; } = -1;

    public void Add(int place) => Interlocked.Increment(ref _counts[place]);

    /// <summary>What was counted up to now, and how much that is in all.</summary>
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
