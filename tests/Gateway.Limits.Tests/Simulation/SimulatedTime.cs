namespace Gateway.Limits.Tests.Simulation;

/// <summary>True time, and what clocks say of it.</summary>
internal sealed class SimulatedTime(WorldOptions options, Choices choices)
{
    private bool _isHealed;

    public long TrueMs { get; private set; } = 1_772_366_400_000;

    /// <summary>One reading of somebody's clock.</summary>
    public long Clock() => TrueMs + Offset();

    /// <summary>How far a clock is off, within what is assumed of it; or not.</summary>
    public long Offset()
    {
        if (_isHealed) return 0;
        if (options.HasWildClocks && choices.OneIn(8)) return choices.Next(20_000) - 10_000;
        return choices.Next(5) switch
        {
            0 => -ClockBounds.EpsilonMs,
            1 => ClockBounds.EpsilonMs,
            _ => choices.Next((2 * ClockBounds.EpsilonMs) + 1) - ClockBounds.EpsilonMs,
        };
    }

    public long Pass()
    {
        TrueMs += choices.Next(4) switch
        {
            0 => 1 + choices.Next(20),
            1 => 500 + choices.Next(1500),
            _ => choices.Next(400),
        };
        return TrueMs;
    }

    /// <summary>
    /// A refusal that is told from memory is of a window that ran when the call came, by one right clock at least.
    /// </summary>
    public void CheckRunning(CounterKey key, in CounterRefusal refusal, long cameMs)
    {
        if (!options.HasWildClocks && cameMs - ClockBounds.EpsilonMs >= refusal.EndMs(key))
            throw new Violation($"{key}: refused at {cameMs} for the window from {refusal.WindowStartMs}, long over");
    }

    public void PassTo(long trueMs) => TrueMs = Math.Max(TrueMs, trueMs);

    public void Heal() => _isHealed = true;
}
