namespace Gateway.Faults.Histories;

/// <summary>The units that one decision took from one counter, as the gateway recorded it.</summary>
/// <param name="Key">The counter's identity, with grant, kind, window and generation.</param>
/// <param name="StartMs">The window's start, which is its label.</param>
/// <param name="EndMs">The window's end.</param>
/// <param name="Cost">The cost.</param>
/// <param name="Max">The maximum that it was evaluated against.</param>
/// <param name="Intervals">The numbers.</param>
internal sealed record Charge(
    string Key, long StartMs, long EndMs, decimal Cost, decimal Max, (decimal Low, decimal High)[] Intervals)
{
    /// <summary>The format of a key is scope's id / counter / scope / kind / window / generation.</summary>
    public string Counter { get; } = Key.Split('/')[1].Split("~by~")[0];

    /// <summary>True if it has a deadline and no numbers, because its window is not aligned.</summary>
    public bool IsMomentary => Intervals.Length == 0;
}
