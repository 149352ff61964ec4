using System.Globalization;
using Gateway.Limits.Model;

namespace Gateway.Limits.Acquiring;

/// <summary>The counter of one value, and the last window in which that value is known to be counted.</summary>
internal sealed class ValueCounter(CounterKey limit, UInt128 digest)
{
    private long _countedIn = long.MinValue;

    /// <summary>The counter.</summary>
    public CounterKey Key { get; } = limit.Within(digest.ToString("x32", CultureInfo.InvariantCulture));

    /// <summary>Whether it is known that the value is one of those counted in the window of this start.</summary>
    public bool IsCountedIn(long startMs) => Volatile.Read(ref _countedIn) == startMs;

    /// <summary>It is.</summary>
    public void Note(long startMs) => Volatile.Write(ref _countedIn, startMs);

    /// <summary>
    /// The mark that the value is counted in the window of this start. The start is in the name: whoever sets it,
    /// whenever and by whatever clock, has taken a number of just this window for the value.
    /// </summary>
    public LimitCost Mark(LimitValue value, long startMs)
    {
        var values = value.Values;
        var name = string.Create(CultureInfo.InvariantCulture, $"{digest:x32}~{startMs}");
        return new LimitCost(values.Within(name), Amount.One, Amount.One);
    }
}
