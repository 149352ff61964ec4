namespace Gateway.Limits.Counting;

/// <summary>
/// How many parts of the present window may still come back. Spending happens without the counter's lock, so this is
/// one interlocked word: the window's epoch above, the count below; what belongs to an older epoch is ignored.
/// </summary>
internal struct Tally
{
    private long _word;

    /// <summary>Parts that may still come back.</summary>
    public readonly int Count => (int)(Volatile.Read(in _word) & uint.MaxValue);

    /// <summary>The epoch to note on a part that is given out now.</summary>
    public readonly int Epoch => (int)(Volatile.Read(in _word) >> 32);

    /// <summary>A new window: nothing of it is out.</summary>
    public void Roll() => Volatile.Write(ref _word, (long)unchecked(Epoch + 1) << 32);

    /// <summary>One more part is out.</summary>
    public void Add() => Interlocked.Increment(ref _word);

    /// <summary>One part of that epoch can no longer come back, or has.</summary>
    public void Remove(int epoch)
    {
        while (true)
        {
            var word = Volatile.Read(ref _word);
            if ((int)(word >> 32) != epoch || (word & uint.MaxValue) == 0) return;
            if (Interlocked.CompareExchange(ref _word, word - 1, word) == word) return;
        }
    }
}
