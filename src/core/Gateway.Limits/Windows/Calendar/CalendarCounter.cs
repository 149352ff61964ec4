using Gateway.Limits.Counting;
using Gateway.Limits.Model;
using Gateway.Limits.Windows.Fixed;

namespace Gateway.Limits.Windows.Calendar;

/// <summary>
/// One owner of one counter of a time zone's dates. A window begins with a date, and not before the recorded end of the
/// one before it. Until then calls go on in that one, and its recorded end moves on to that of the date in which they
/// are let through. So where the time zone data of owners differ, dates are counted together, and none is counted
/// twice.
/// </summary>
internal class CalendarCounter : FixedWindowCounter
{
    private long _dateEndMs = long.MaxValue;

    /// <summary>An owner that knows nothing yet; in a zone that this system does not know it gives nothing.</summary>
    public CalendarCounter(CounterKey key, CounterRules rules)
        : base(key, rules) => IsFinished = !IsZoneKnown;

    /// <summary>Of the record if it is of this window, and of the date that it is now: the later.</summary>
    protected sealed override long WindowEndMs => Math.Max(SeenEndMs, _dateEndMs);

    private bool IsZoneKnown => Key.Window.Zone is { IsKnown: true };

    private long SeenEndMs => Store.IsPresent && Store.WindowStartMs == WindowStartMs ? RecordEndMs : long.MinValue;

    /// <summary>The end of the record's window.</summary>
    private long RecordEndMs => CalendarKind.EndMs(Key.Window, Store.WindowStartMs, ActiveState?.Entries);

    /// <inheritdoc/>
    /// <remarks>
    /// A record may only be seen when this owner is already in a later window by its clock: it goes back then, as
    /// nothing was given out in that one, or the record would be of it.
    /// </remarks>
    protected override long WindowAt(long nowMs)
    {
        if (!IsZoneKnown) return long.MinValue;
        (var startMs, _dateEndMs) = DateAt(nowMs + Rules.MarginMs);
        if (!Store.IsPresent) return Math.Max(startMs, WindowStartMs);
        if (MayBegin(startMs, RecordEndMs)) return Math.Max(startMs, WindowStartMs);
        return IsFinished ? Math.Max(Store.WindowStartMs, WindowStartMs) : Store.WindowStartMs;
    }

    /// <summary>The date at a moment, by the data of this owner.</summary>
    protected virtual (long StartMs, long EndMs) DateAt(long ms) => Key.Window.PeriodAt(ms);

    /// <summary>Whether a window may begin then, after one with this recorded end.</summary>
    protected virtual bool MayBegin(long startMs, long recordEndMs) => startMs >= recordEndMs;

    /// <inheritdoc/>
    /// <remarks>
    /// In a new date, what is in hand was reserved until an end that is too early now: it is given up, and the next
    /// reservation says the later one.
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

    /// <summary>When the next window may begin: with the first date from the end of this one on.</summary>
    private long NextStartMs()
    {
        if (!IsZoneKnown) return 0;
        var endMs = WindowEndMs;
        if (endMs == _dateEndMs) return endMs;
        var (startMs, nextMs) = DateAt(endMs);
        return startMs == endMs ? endMs : nextMs;
    }
}
