using Gateway.Limits.Tests.Checking;

namespace Gateway.Limits.Tests.Simulation.Oracles;

/// <summary>
/// Windows of dates: as windows that follow one another, by label; and none begins before another has ended, as it was
/// last said. Nor is a call sent after its own has ended.
/// </summary>
internal sealed class CalendarOracle(bool hasRightClocks) : NumberOracle(checksTime: false)
{
    /// <inheritdoc/>
    protected override void CheckIssued(Given given)
    {
        base.CheckIssued(given);
        foreach (var one in All.Where(one => one.Key == given.Key && one.StartMs != given.StartMs))
        {
            var (before, after) = one.StartMs < given.StartMs ? (one, given) : (given, one);
            if (after.StartMs < before.EndMs)
                throw new Violation($"{given.Key}: {after.StartMs} begins before {before.EndMs}");
        }
    }

    /// <inheritdoc/>
    public override void Put(StateText text)
    {
        base.Put(text);
        foreach (var one in All.OrderBy(static one => one.StartMs).ThenBy(static one => one.EndMs))
            text.Put(one.StartMs, one.EndMs);
    }

    /// <inheritdoc/>
    protected override void CheckSent(Given given, long trueMs)
    {
        base.CheckSent(given, trueMs);
        if (hasRightClocks && trueMs >= given.EndMs + ClockBounds.EpsilonMs)
            throw new Violation($"{given.Key}: sent at {trueMs}, though its window ended at {given.EndMs}");
    }

    /// <inheritdoc/>
    protected override long FreeMs(Given given) => given.EndMs;
}
