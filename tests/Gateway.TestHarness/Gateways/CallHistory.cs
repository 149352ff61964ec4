namespace Gateway.TestHarness.Gateways;

/// <summary>The calls of one gateway's agents, in the order of the responses.</summary>
public sealed class CallHistory(string name)
{
    private readonly Lock _lock = new();
    private readonly int[] _counts = new int[Enum.GetValues<CallOutcome>().Length];
    private long? _gapSince;
    private TimeSpan _longestGap;

    public int Calls => Locked(() => _counts.Sum());

    public int Of(CallOutcome outcome) => Locked(() => _counts[(int)outcome]);

    public void Add(CallOutcome outcome)
    {
        lock (_lock)
        {
            _counts[(int)outcome]++;
            var now = TimeProvider.System.GetTimestamp();
            var gap = TimeProvider.System.GetElapsedTime(_gapSince ?? now, now);
            _longestGap = gap > _longestGap ? gap : _longestGap;
            _gapSince = outcome == CallOutcome.Admitted ? now : _gapSince ?? now;
        }
    }

    /// <summary>Returns one line for the output; the gap is the longest time without an admitted call.</summary>
    public override string ToString()
    {
        lock (_lock)
        {
            var text = new StringBuilder($"{name}: {_counts.Sum()} calls");
            foreach (var outcome in Enum.GetValues<CallOutcome>())
                text.Append(CultureInfo.InvariantCulture, $", {_counts[(int)outcome]} {Word(outcome)}");
            return text.Append(
                CultureInfo.InvariantCulture, $"; longest gap {_longestGap.TotalSeconds:F1} s").ToString();
        }
    }

    private static string Word(CallOutcome outcome) =>
        outcome == CallOutcome.Unavailable ? "denied as unavailable" : outcome.ToString().ToLowerInvariant();

    private T Locked<T>(Func<T> read)
    {
        lock (_lock)
            return read();
    }
}
