namespace Gateway.Limits.Counting;

/// <summary>
/// The number of parts of the current window that may still come back: the parts given out, counted under the counter's
/// lock, less those committed or returned. Spending happens without the lock, so the latter count is one interlocked
/// word: the window's epoch in the high half, the count in the low half. Updates of an older epoch are ignored.
/// </summary>
internal readonly ref struct OutstandingCount(CounterMachine counter)
{
    /// <summary>Number of parts that may still come back.</summary>
    public int Count => (int)unchecked(counter.Given - (uint)Volatile.Read(in counter.Committed));

    /// <summary>The epoch to store in a part that is given out now.</summary>
    public int Epoch => (int)(Volatile.Read(in counter.Committed) >> 32);

    /// <summary>Starts a new window, of which nothing is outstanding.</summary>
    public void AdvanceWindow()
    {
        counter.Given = 0;
        Volatile.Write(ref counter.Committed, (long)unchecked(Epoch + 1) << 32);
    }

    /// <summary>Counts one more part as outstanding.</summary>
    public void Add() => counter.Given = unchecked(counter.Given + 1);

    /// <summary>Removes one part of that epoch, which came back or can no longer come back.</summary>
    public void Remove(int epoch)
    {
        while (true)
        {
            var word = Volatile.Read(ref counter.Committed);
            if ((int)(word >> 32) != epoch) return;
            var next = (word & ~(long)uint.MaxValue) | unchecked((uint)word + 1);
            if (Interlocked.CompareExchange(ref counter.Committed, next, word) == word) return;
        }
    }
}
