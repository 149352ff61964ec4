using Gateway.Limits.Tests.Checking;

namespace Gateway.Limits.Tests.Simulation.Oracles;

/// <summary>
/// Windows that follow one another: no number is out twice, and no window has more than the maximum, by label and by
/// true time.
/// </summary>
internal class NumberOracle(bool checksTime) : Oracle(checksTime)
{
    /// <summary>Where the store's answer to a reservation came after the window's end: its numbers are lost.</summary>
    private readonly HashSet<(CounterKey Key, long Window)> _late = [];

    private readonly List<(CounterKey Key, long Window, Amount Cost, Amount Max)> _heard = [];

    /// <inheritdoc/>
    public override bool MayReturn(CounterPermit part, ICounter owner, long nowMs) =>
        owner.WindowStartMs == part.WindowStartMs;

    /// <inheritdoc/>
    public override void Lose(CounterKey key, long windowStartMs) => _late.Add((key, windowStartMs));

    /// <inheritdoc/>
    public override void Hear(CounterKey key, AnsweredCall answer, long trueMs)
    {
        // Near its end a window is already over for an owner whose clock is ahead, and what that one reserved is lost.
        var refusal = answer.Reply.Refusal;
        var isInGoodTime = refusal.EndMs(key) - trueMs > 1000;
        if (refusal.Kind == RefusalKind.NoRoom && isInGoodTime)
            _heard.Add((key, refusal.WindowStartMs, answer.Request.Cost, answer.Request.Max));
    }

    /// <inheritdoc/>
    /// <remarks>Where nothing is given back, a refusal was for what others have.</remarks>
    public override void CheckHeard()
    {
        foreach (var (key, window, cost, max) in _heard)
        {
            var taken = Sum(key, one => one.StartMs == window);
            if (taken + cost.Nano <= max.Nano && !_late.Contains((key, window)))
                throw new Violation($"{key}: refused {cost} of {max} in {window} though {taken} are taken");
        }
    }

    /// <inheritdoc/>
    public override void Put(StateText text)
    {
        var sent = All.Where(static one => one.SentMs is not null && one.Left > 0).ToList();
        foreach (var sum in sent.GroupBy(static one => one.StartMs).OrderBy(static sum => sum.Key))
            text.Put('l', sum.Key, (long)Total(sum));
        if (!ChecksTime) return;
        foreach (var sum in sent.GroupBy(TrueWindow).OrderBy(static sum => sum.Key))
            text.Put('t', sum.Key, (long)Total(sum));
    }

    /// <inheritdoc/>
    protected override Int128 Taken(CounterCost cost, in CounterRefusal refusal, long nowMs)
    {
        var startMs = refusal.WindowStartMs;
        return Sum(cost.Key, one => one.StartMs == startMs);
    }

    /// <inheritdoc/>
    protected override void CheckIssue(Given given, Reservation record, long trueMs)
    {
        CheckCount(given, Sum(given.Key, one => one.StartMs == given.StartMs));
        foreach (var added in given.Numbers)
        {
            if (added.High > given.Max.Nano) throw new Violation($"{given.Key} issued {added} above {given.Max}");
            var other = All.Find(one => one.Key == given.Key && one.StartMs == given.StartMs
                && one.Numbers.Any(numbers => numbers.Low < added.High && added.Low < numbers.High));
            if (other is not null) throw new Violation($"{added} issued twice: {given} and {other}");
        }
    }

    /// <inheritdoc/>
    protected override void CheckSent(Given given, long trueMs)
    {
        var charged = Sum(given.Key, one => one.SentMs is not null && one.StartMs == given.StartMs);
        var max = All.Where(one => one.Key == given.Key && one.StartMs == given.StartMs).Max(one => one.Max.Nano);
        if (charged > max) throw new Violation($"{given.Key}: {charged} charged of {max} in {given.StartMs}");
        if (!ChecksTime) return;
        var window = TrueWindow(given);
        var admitted = Sum(given.Key, one => one.SentMs is not null && TrueWindow(one) == window);
        if (admitted > MaxOf(given.Key))
            throw new Violation($"{given.Key}: {admitted} admitted of {MaxOf(given.Key)} in the true {window}");
    }

    private Int128 Sum(CounterKey key, Func<Given, bool> counts) =>
        Total(All.Where(one => one.Key == key && counts(one)));

    private static Int128 Total(IEnumerable<Given> these) =>
        these.Aggregate((Int128)0, static (sum, one) => sum + one.Left);

    private static long TrueWindow(Given given) => given.Key.Window.StartMs(given.SentMs!.Value);
}
