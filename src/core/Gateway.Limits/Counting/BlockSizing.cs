namespace Gateway.Limits.Counting;

/// <summary>
/// The admissions of a counter's last second, and the block size that follows from them. Single precision suffices, as
/// it sizes blocks and counts nothing.
/// </summary>
internal struct BlockSizing
{
    /// <summary>A block is worth at most this many calls.</summary>
    private const int CallsMax = 65_536;

    /// <summary>
    /// 32 bits last until 2106. After that, counters would be evicted too early, but counted correctly.
    /// </summary>
    private uint _second;
    private float _now;
    private float _before;

    /// <summary>The second, since the epoch, of the last admission.</summary>
    public readonly long LastSecond => _second;

    /// <summary>The amounts admitted in that second and in the one before, in 10^-9 units.</summary>
    public readonly (float Now, float Before) Rates => (_now, _before);

    /// <summary>Counts an admission.</summary>
    public void Add(Int128 cost, long nowMs)
    {
        var second = unchecked((uint)(nowMs / 1000));
        if (second != _second)
        {
            _before = second == _second + 1 ? _now : 0;
            _now = 0;
            _second = second;
        }

        _now += Rounded(cost);
    }

    /// <summary>Rounds a nonnegative number to single precision. Nearly all fit 64 bits, which is faster.</summary>
    public static float Rounded(Int128 value) => value <= long.MaxValue ? (long)value : (float)value;

    /// <summary>
    /// Returns the block size: the last second's demand, but at least the given part of the maximum, and at most a
    /// quarter of it and <see cref="CallsMax"/> calls' worth, in whole calls.
    /// </summary>
    /// <param name="cost">The cost of one call, in 10^-9 units.</param>
    /// <param name="max">The maximum, in 10^-9 units.</param>
    /// <param name="leastPart">A block is worth at least the maximum divided by this; 0 for no lower bound.</param>
    public readonly Int128 Block(Int128 cost, Int128 max, int leastPart)
    {
        var demand = (Int128)Math.Max(_now, _before);
        if (leastPart > 0) demand = Int128.Max(demand, max / leastPart / cost * cost);
        var bound = Int128.Min((max + 3) / 4, cost * CallsMax);
        return (Int128.Min(demand, bound) + cost - 1) / cost * cost;
    }
}
