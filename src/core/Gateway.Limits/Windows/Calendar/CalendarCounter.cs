using Gateway.Limits.Counting;
using Gateway.Limits.Model;
using Gateway.Limits.Windows.Fixed;

namespace Gateway.Limits.Windows.Calendar;

/// <summary>
/// One owner of one counter over a time zone's dates. A window begins with a date, and not before the recorded end of
/// the previous one. Until then calls continue in that window, and its recorded end moves to that of the date in which
/// they are admitted. If owners have different time zone data, dates are counted together, and none is counted twice.
/// </summary>
internal class CalendarCounter : FixedWindowCounter
{
    private long _dateEndMs = long.MaxValue;

    /// <summary>
    /// Creates an owner that has not read its record yet; in a zone unknown to this system it gives nothing.
    /// </summary>
    public CalendarCounter(CounterKey key, CounterRules rules)
        : base(key, rules) => IsFinished = !IsZoneKnown;

    /// <summary>
    /// The later of the recorded end, if the record is of this window, and the end of the current date.
    /// </summary>
    protected sealed override long WindowEndMs => Math.Max(SeenEndMs, _dateEndMs);

    private bool IsZoneKnown => Key.Window.Zone is { IsKnown: true };

    private long SeenEndMs => Store.IsPresent && Store.WindowStartMs == WindowStartMs ? RecordEndMs : long.MinValue;

    /// <summary>The end of the record's window.</summary>
    private long RecordEndMs => CalendarKind.EndMs(Key.Window, Store.WindowStartMs, ActiveState?.Entries);

    /// <inheritdoc/>
    /// <remarks>
    /// This owner may first see a record after its own clock entered a later window. It then goes back: nothing was
    /// given out in the later window, or the record would be of it.
    /// </remarks>
    protected override long WindowAt(long nowMs)
    {
        if (!IsZoneKnown) return long.MinValue;
        (var startMs, _dateEndMs) = DateAt(nowMs + Rules.MarginMs);
        if (!Store.IsPresent) return Math.Max(startMs, WindowStartMs);
        if (MayBegin(startMs, RecordEndMs)) return Math.Max(startMs, WindowStartMs);
        return IsFinished ? Math.Max(Store.WindowStartMs, WindowStartMs) : Store.WindowStartMs;
    }

    /// <summary>Returns the date at a moment, by this owner's data.</summary>
    protected virtual (long StartMs, long EndMs) DateAt(long ms) => Key.Window.PeriodAt(ms);

    /// <summary>Returns true if a window may begin at this time, after one with this recorded end.</summary>
    protected virtual bool MayBegin(long startMs, long recordEndMs) => startMs >= recordEndMs;

    /// <inheritdoc/>
    /// <remarks>
    /// In a new date, the numbers in hand were reserved until an end that is now too early. They are given up, and the
    /// next reservation records the later end.
    /// </remarks>
    protected sealed override void AdvanceWindow(long nowMs)
    {
        base.AdvanceWindow(nowMs);
        if (!Hand.IsEmpty && SeenEndMs < _dateEndMs) Hand.Clear();
    }

    /// <inheritdoc/>
    protected sealed override Reservation Reserved(Int128 high) =>
        base.Reserved(high) with { Entries = CalendarKind.Ending(WindowEndMs) };

    /// <inheritdoc/>
    protected sealed override CounterPermit Ended(CounterPermit part)
    {
        part.WindowEndMs = WindowEndMs;
        return part;
    }

    /// <inheritdoc/>
    protected sealed override CounterReply Refuse(RefusalKind kind, in CounterRequest ask, long nowMs)
    {
        var refusal = base.Refuse(kind, ask, nowMs).Refusal;
        return CounterReply.Refused(refusal with { WindowEndMs = NextStartMs() });
    }

    /// <summary>Returns when the next window may begin: with the first date from the end of this one on.</summary>
    private long NextStartMs()
    {
        if (!IsZoneKnown) return 0;
        var endMs = WindowEndMs;
        if (endMs == _dateEndMs) return endMs;
        var (startMs, nextMs) = DateAt(endMs);
        return startMs == endMs ? endMs : nextMs;
    }
}
