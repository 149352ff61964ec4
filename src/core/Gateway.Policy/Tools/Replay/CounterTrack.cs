using Gateway.Limits.Model;

namespace Gateway.Policy.Tools.Replay;

/// <summary>How far a counter of the replay is from the one of the record, and what of it is not certain.</summary>
internal sealed class CounterTrack(CounterKey key)
{
    private long _uncertainUntilMs;
    private Int128 _more;
    private Int128 _less;

    /// <summary>Until then the record says nothing of it: it has counted other calls than the recorded one.</summary>
    public long DivergedUntilMs { get; private set; }

    /// <summary>Until then it may count what came before the record begins.</summary>
    public long OpeningUntilMs { get; set; }

    /// <summary>Until when a call of this instant counts on it.</summary>
    public static long EndMs(CounterKey key, long nowMs) =>
        key.RecordEndMs(key.Kind.IsAligned ? key.Window.StartMs(nowMs) : nowMs);

    public void Diverge(long nowMs) => DivergedUntilMs = Math.Max(DivergedUntilMs, EndMs(key, nowMs));

    /// <summary>A call may have counted, though it is not counted here; null where it is not known how much.</summary>
    public void MayHaveMore(Amount? cost, long nowMs)
    {
        Begin(nowMs);
        _more = cost is { } known ? _more + known.Nano : Int128.MaxValue / 2;
    }

    /// <summary>A call is counted here that may not have been.</summary>
    public void MayHaveLess(Amount cost, long nowMs)
    {
        Begin(nowMs);
        _less += cost.Nano;
    }

    /// <summary>What may be charged besides what is.</summary>
    public Int128 More(long nowMs) => nowMs < _uncertainUntilMs ? _more : 0;

    /// <summary>What of it may not be.</summary>
    public Int128 Less(long nowMs) => nowMs < _uncertainUntilMs ? _less : 0;

    /// <summary>Whether nothing is left to say of it.</summary>
    public bool IsOver(long nowMs) => nowMs >= DivergedUntilMs && nowMs >= OpeningUntilMs && nowMs >= _uncertainUntilMs;

    private void Begin(long nowMs)
    {
        if (nowMs >= _uncertainUntilMs)
            (_more, _less) = (0, 0);
        _uncertainUntilMs = Math.Max(_uncertainUntilMs, EndMs(key, nowMs));
    }
}
