using Gateway.Limits.Tests.Checking;
using Gateway.Limits.Windows.Bucket;

namespace Gateway.Limits.Tests.Simulation.Oracles;

/// <summary>
/// A bucket lets through what it holds and what was refilled meanwhile: by the times of records exactly, by true time
/// with what the contract adds for clocks and for permits that are used later.
/// </summary>
internal sealed class BucketOracle(bool checksTime, bool checksRefusals) : Oracle(checksTime)
{
    /// <summary>By the maximum of a call that asks, others are refilled too.</summary>
    private readonly Dictionary<CounterKey, Int128> _asked = [];

    /// <summary>Where something was reserved that nobody got.</summary>
    private readonly HashSet<CounterKey> _late = [];

    /// <inheritdoc/>
    public override void Ask(CounterKey key, Amount max) =>
        _asked[key] = Int128.Max(max.Nano, _asked.GetValueOrDefault(key));

    /// <inheritdoc/>
    public override void Lose(CounterKey key, long windowStartMs) => _late.Add(key);

    /// <inheritdoc/>
    public override bool MayReturn(CounterPermit part, ICounter owner, long nowMs) => true;

    /// <inheritdoc/>
    public override void Put(StateText text)
    {
        foreach (var one in All.OrderBy(static one => one.StartMs).ThenBy(static one => one.SentMs))
            text.Put(one.StartMs, (long)one.Cost, (long)one.Returned, one.SentMs ?? 0);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// What came back is worth the less the later the record is told of it, which is now at the latest, though clocks
    /// may have been ahead. Not known where maxima change, as each look refills by another one.
    /// </remarks>
    protected override Int128 Taken(CounterCost cost, in CounterRefusal refusal, long nowMs)
    {
        if (!checksRefusals || _late.Contains(cost.Key)) return cost.Max.Nano;
        const int roundings = 1000;
        var lateMs = nowMs + (4 * ClockBounds.EpsilonMs);
        var (missing, lastMs) = Missing(
            cost.Key, Of(cost.Key).Select(one => (one.StartMs, one.Cost - Recovered([one], lateMs))), most: null);
        return roundings + BucketMath.Missing(missing, cost.Max, cost.Key.Window, nowMs - lastMs);
    }

    /// <inheritdoc/>
    protected override Int128 MaxOf(CounterKey key) => _asked[key];

    /// <inheritdoc/>
    /// <remarks>What was taken at one moment comes back as one, at the earliest when its first came back.</remarks>
    protected override void CheckIssued(Given given)
    {
        if (!ChecksTime) return;
        var moments =
            from one in Of(given.Key)
            group one by one.StartMs into at
            let backMs = at.Where(static one => one.Returned > 0).Min(static one => (long?)one.ReturnedMs) ?? 0
            select (at.Key, at.Aggregate((Int128)0, static (sum, one) => sum + one.Cost) - Recovered([.. at], backMs));
        Missing(given.Key, moments, MaxOf(given.Key));
    }

    /// <inheritdoc/>
    protected override void CheckSent(Given given, long trueMs)
    {
        if (!ChecksTime) return;
        var laterMs = SlidingTimes.UseMs(given.Key.Window) + (2 * ClockBounds.EpsilonMs);
        var max = MaxOf(given.Key);
        var sent =
            from one in Of(given.Key)
            where one.SentMs is not null
            select (one.SentMs!.Value, one.Left);
        Missing(given.Key, sent, max + (max * laterMs / given.Key.Window.ShortestMs) + All.Count);
    }

    private IEnumerable<Given> Of(CounterKey key) => All.Where(one => one.Key == key);

    /// <summary>
    /// What is missing after the last of these, of a bucket that is never fuller than full; a violation if it is ever
    /// more than this.
    /// </summary>
    private (Int128 Missing, long LastMs) Missing(
        CounterKey key, IEnumerable<(long AtMs, Int128 Charged)> all, Int128? most)
    {
        var (missing, lastMs, max) = ((Int128)0, 0L, Amount.FromNano(MaxOf(key)));
        foreach (var (atMs, charged) in all.OrderBy(static one => one.AtMs))
        {
            missing = BucketMath.Missing(missing, max, key.Window, atMs - lastMs) + charged;
            lastMs = atMs;
            if (missing > most) throw new Violation($"{key}: {missing} missing of {max} at {atMs}, {most} may be");
        }

        return (missing, lastMs);
    }

    /// <summary>What comes back of what was taken at one moment: not what was refilled before.</summary>
    private static Int128 Recovered(List<Given> these, long backMs)
    {
        var returned = these.Aggregate((Int128)0, static (sum, one) => sum + one.Returned);
        return BucketMath.Recovered(returned, these[0].Max, these[0].Key.Window, backMs - these[0].StartMs);
    }
}
