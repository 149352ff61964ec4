using System.Globalization;
using Gateway.Limits.Model;

namespace Gateway.Limits.Acquiring;

/// <summary>The counter of one value, and the last window in which the value is known to be counted.</summary>
internal sealed class ValueCounter(CounterKey limit, UInt128 digest)
{
    private long _countedIn = long.MinValue;

    public CounterKey Key { get; } = limit.Within(digest.ToString("x32", CultureInfo.InvariantCulture));

    /// <summary>Returns true if the value is known to be counted in the window of this start.</summary>
    public bool IsCountedIn(long startMs) => Volatile.Read(ref _countedIn) == startMs;

    /// <summary>Records that the value is counted in the window of this start.</summary>
    public void Note(long startMs) => Volatile.Write(ref _countedIn, startMs);

    /// <summary>
    /// Returns the cost of the mark that records the value as counted in the window of this start. The start is part of
    /// the name, so any process that sets the mark, at any time and by any clock, has taken a number of exactly this
    /// window for the value.
    /// </summary>
    public LimitCost Mark(LimitValue value, long startMs)
    {
        var values = value.Values;
        var name = string.Create(CultureInfo.InvariantCulture, $"{digest:x32}~{startMs}");
        return new LimitCost(values.Within(name), Amount.One, Amount.One);
    }
}
