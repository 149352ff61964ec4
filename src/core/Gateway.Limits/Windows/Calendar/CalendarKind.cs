using Gateway.Limits.Counting;
using Gateway.Limits.Model;
using Gateway.Limits.Windows.Fixed;

namespace Gateway.Limits.Windows.Calendar;

/// <summary>
/// Fixed windows that follow the dates of a time zone. A window's end depends on the time zone data of the owner that
/// began it, so its record contains the end, and no other window begins before it.
/// </summary>
internal sealed class CalendarKind : FixedWindowKind, ICountedKind
{
    public override string Name => "calendar";

    public override string? Check(Window window) =>
        window.Zone is null ? "a calendar window needs a \"zone\"" : null;

    // Not as soon as the window has ended: an owner with other time zone data may still be in the same date, and must
    // find how much of it is used.
    public override long RecordEndMs(Window window, long startMs) => Kept(window, window.EndMs(startMs));

    public long RecordEndMs(Window window, in Reservation record) =>
        Kept(window, EndMs(window, record.WindowStartMs, record.Entries));

    public long ResetAtMs(CounterPermit part) => part.WindowEndMs;

    public override SlidingEntries? Decode(ReadOnlySpan<byte> bytes) => SlidingEntries.FromBytes(bytes);

    public override string Explain(CounterKey key, Amount cost, Amount max, Amount remaining, long resetAtMs) =>
        key.Window.Zone is not { } zone ? base.Explain(key, cost, max, remaining, resetAtMs)
        : $"Counter {key.ShownName} has {remaining} of {max} left in this {key.Window.UnitName} (time zone "
            + $"{zone.Name}), but this call needs {cost}. The counter resets at {Window.TimeText(resetAtMs)}.";

    public override ICounter NewCounter(CounterKey key, CounterRules rules) => new CalendarCounter(key, rules);

    /// <summary>Returns when the window of a record ends: as recorded, otherwise by this system's data.</summary>
    public static long EndMs(Window window, long startMs, SlidingEntries? entries) =>
        entries is { All: [{ DeadlineMs: var endMs }] } ? endMs : window.EndMs(startMs);

    /// <summary>Encodes when a record's window ends.</summary>
    public static SlidingEntries Ending(long endMs) => SlidingEntries.Empty.With(endMs, 1);

    private static long Kept(Window window, long endMs) =>
        endMs > long.MaxValue - window.LongestMs ? long.MaxValue : endMs + window.LongestMs;
}
