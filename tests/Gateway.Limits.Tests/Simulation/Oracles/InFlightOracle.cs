using Gateway.Limits.Tests.Checking;
using Gateway.Limits.Windows.InFlight;

namespace Gateway.Limits.Tests.Simulation.Oracles;

/// <summary>
/// At no moment are there more places than the maximum that did not come back and have not expired, and no call begins
/// after its holder must have let go.
/// </summary>
internal sealed class InFlightOracle(bool checksTime) : Oracle(checksTime)
{
    /// <inheritdoc/>
    public override bool MayReturn(CounterPermit part, ICounter owner, long nowMs) =>
        part.WindowStartMs + part.Key.Window.ShortestMs >= nowMs - (2 * ClockBounds.EpsilonMs);

    /// <inheritdoc/>
    public override void Put(StateText text)
    {
        foreach (var one in All.Where(static one => one.Left > 0).OrderBy(static one => one.StartMs))
            text.Put(one.StartMs, (long)one.Left);
    }

    /// <inheritdoc/>
    protected override Int128 Taken(CounterCost cost, in CounterRefusal refusal, long nowMs) =>
        Held(cost.Key, nowMs - (2 * ClockBounds.EpsilonMs));

    /// <inheritdoc/>
    protected override void CheckIssue(Given given, Reservation record, long trueMs)
    {
        // What is told too late is of no use to anybody.
        if (!ChecksTime || ExpiresMs(given) < trueMs) return;
        if (Held(given.Key, trueMs) + given.Cost is var held && held > MaxOf(given))
            throw new Violation($"{given.Key}: {held} places at {trueMs}, max {given.Max}");
    }

    /// <inheritdoc/>
    protected override void CheckSent(Given given, long trueMs)
    {
        if (ChecksTime && trueMs > ExpiresMs(given) - InFlightKind.GuardMs + ClockBounds.EpsilonMs)
            throw new Violation($"{given.Key}: sent at {trueMs}, though its place expires at {ExpiresMs(given)}");
    }

    private static long ExpiresMs(Given given) => given.StartMs + given.Key.Window.ShortestMs;

    private Int128 Held(CounterKey key, long ms) => All.Where(one => one.Key == key && ExpiresMs(one) >= ms)
        .Aggregate((Int128)0, static (sum, one) => sum + one.Left);

    private Int128 MaxOf(Given given) => All.Where(one => one.Key == given.Key)
        .Aggregate(given.Max.Nano, static (most, one) => Int128.Max(most, one.Max.Nano));
}
