namespace Gateway.Limits.Counting;

/// <summary>
/// How many parts of the present window may still come back: those given out, counted with the counter's lock, less
/// those settled. Spending happens without the lock, so the latter are one interlocked word: the window's epoch above,
/// the count below; what belongs to an older epoch is ignored.
/// </summary>
internal struct Tally
{
    private long _settled;
    private uint _given;

    /// <summary>Parts that may still come back.</summary>
    public readonly int Count => (int)unchecked(_given - (uint)Volatile.Read(in _settled));

    /// <summary>The epoch to note on a part that is given out now.</summary>
    public readonly int Epoch => (int)(Volatile.Read(in _settled) >> 32);

    /// <summary>A new window: nothing of it is out.</summary>
    public void Roll()
    {
        _given = 0;
        Volatile.Write(ref _settled, (long)unchecked(Epoch + 1) << 32);
    }

    /// <summary>One more part is out.</summary>
    public void Add() => _given = unchecked(_given + 1);

    /// <summary>One part of that epoch can no longer come back, or has.</summary>
    public void Remove(int epoch)
    {
        while (true)
        {
            var word = Volatile.Read(ref _settled);
            if ((int)(word >> 32) != epoch) return;
            var next = (word & ~(long)uint.MaxValue) | unchecked((uint)word + 1);
            if (Interlocked.CompareExchange(ref _settled, next, word) == word) return;
        }
    }
}
