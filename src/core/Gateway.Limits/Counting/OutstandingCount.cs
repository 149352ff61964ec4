namespace Gateway.Limits.Counting;

/// <summary>
/// How many parts of the present window may still come back: those given out, counted with the counter's lock, less
/// those settled. Spending happens without the lock, so the latter are one interlocked word: the window's epoch above,
/// the count below; what belongs to an older epoch is ignored.
/// </summary>
internal readonly ref struct OutstandingCount(CounterMachine counter)
{
    /// <summary>Parts that may still come back.</summary>
    public int Count => (int)unchecked(counter.Given - (uint)Volatile.Read(in counter.Settled));

    /// <summary>The epoch to note on a part that is given out now.</summary>
    public int Epoch => (int)(Volatile.Read(in counter.Settled) >> 32);

    /// <summary>A new window: nothing of it is out.</summary>
    public void AdvanceWindow()
    {
        counter.Given = 0;
        Volatile.Write(ref counter.Settled, (long)unchecked(Epoch + 1) << 32);
    }

    /// <summary>One more part is out.</summary>
    public void Add() => counter.Given = unchecked(counter.Given + 1);

    /// <summary>One part of that epoch can no longer come back, or has.</summary>
    public void Remove(int epoch)
    {
        while (true)
        {
            var word = Volatile.Read(ref counter.Settled);
            if ((int)(word >> 32) != epoch) return;
            var next = (word & ~(long)uint.MaxValue) | unchecked((uint)word + 1);
            if (Interlocked.CompareExchange(ref counter.Settled, next, word) == word) return;
        }
    }
}
