using Gateway.Limits.Model;

namespace Gateway.Policy.Tools.Replay;

/// <summary>
/// Tracks how far a counter of the replay differs from the recorded one, and how much of it is uncertain.
/// </summary>
internal sealed class CounterTrack(CounterKey key)
{
    private long _uncertainUntilMs;
    private Int128 _more;
    private Int128 _less;

    /// <summary>
    /// The time until which the record does not apply, because the counter has counted other calls than the recorded
    /// one.
    /// </summary>
    public long DivergedUntilMs { get; private set; }

    /// <summary>The time until which the counter may include calls from before the start of the record.</summary>
    public long OpeningUntilMs { get; set; }

    /// <summary>Returns the time until which a call of this instant counts.</summary>
    public static long EndMs(CounterKey key, long nowMs) =>
        key.RecordEndMs(key.Kind.IsAligned ? key.Window.StartMs(nowMs) : nowMs);

    public void Diverge(long nowMs) => DivergedUntilMs = Math.Max(DivergedUntilMs, EndMs(key, nowMs));

    /// <summary>
    /// Notes a call that may have counted, although it is not counted here; null if its cost is unknown.
    /// </summary>
    public void MayHaveMore(Amount? cost, long nowMs)
    {
        Begin(nowMs);
        _more = cost is { } known ? _more + known.Nano : Int128.MaxValue / 2;
    }

    /// <summary>Notes a call that is counted here but may not have been.</summary>
    public void MayHaveLess(Amount cost, long nowMs)
    {
        Begin(nowMs);
        _less += cost.Nano;
    }

    /// <summary>Returns the amount that may be charged in addition.</summary>
    public Int128 More(long nowMs) => nowMs < _uncertainUntilMs ? _more : 0;

    /// <summary>Returns the amount that may not be charged.</summary>
    public Int128 Less(long nowMs) => nowMs < _uncertainUntilMs ? _less : 0;

    /// <summary>Returns true if the track no longer has any effect.</summary>
    public bool IsOver(long nowMs) => nowMs >= DivergedUntilMs && nowMs >= OpeningUntilMs && nowMs >= _uncertainUntilMs;

    private void Begin(long nowMs)
    {
        if (nowMs >= _uncertainUntilMs)
            (_more, _less) = (0, 0);
        _uncertainUntilMs = Math.Max(_uncertainUntilMs, EndMs(key, nowMs));
    }
}
