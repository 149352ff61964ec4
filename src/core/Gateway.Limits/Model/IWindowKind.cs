namespace Gateway.Limits.Model;

/// <summary>
/// The kind of a limit's window: the times of the numbers given out, when they may be used, and the texts for it. There
/// is one object per kind; <c>WindowKind</c> lists them.
/// </summary>
public interface IWindowKind
{
    /// <summary>The name in policies and in the texts of keys, which are stored. It never changes.</summary>
    string Name { get; }

    /// <summary>
    /// True if windows follow one another at fixed times of UTC; otherwise any interval of the window's length is one.
    /// </summary>
    bool IsAligned { get; }

    /// <summary>
    /// True if the kind numbers what it gives out. A number shows by itself whether it is too late to come back; an
    /// amount that is only counted must not come back once it may no longer be used.
    /// </summary>
    bool IsNumbered { get; }

    /// <summary>True if a counter can be reset, as another generation of it.</summary>
    bool CanReset => true;

    /// <summary>
    /// True if a raised maximum ends exactly. The level of a bucket depends on every maximum that was in force.
    /// </summary>
    bool CanRaise => true;

    /// <summary>Returns the reason why a limit of this kind cannot have this window; null if it can.</summary>
    string? Check(Window window);

    /// <summary>Returns the limit in words.</summary>
    /// <param name="what">The amount and what is counted: <c>10</c>, <c>2500 of args.amount</c>.</param>
    /// <param name="max">The amount alone.</param>
    /// <param name="each">The window: <c>a minute</c>, <c>every 15 minutes</c>.</param>
    /// <param name="length">The length of the window: <c>minute</c>, <c>15 minutes</c>.</param>
    string Say(string what, string max, string each, string length) => $"at most {what} {each}";

    /// <summary>Returns until when (exclusive) a number reserved at this start may be used.</summary>
    long DeadlineMs(Window window, long startMs);

    /// <summary>Returns when nothing in a record of this start counts any more.</summary>
    long RecordEndMs(Window window, long startMs);

    /// <summary>Returns when nothing in this record counts any more; the record may contain its window's end.</summary>
    long RecordEndMs(Window window, in Reservation record) => RecordEndMs(window, record.WindowStartMs);

    /// <summary>Returns the earliest moment whose calls a record with this start still counts.</summary>
    long FirstCountedMs(Window window, long startMs);

    /// <summary>Returns how many times the maximum it admits, at most, in any interval of this length.</summary>
    long MostIn(Window window, long spanMs);

    /// <summary>
    /// Returns the time at which this part, and all that was charged before it, no longer counts; 0 if that does not
    /// depend on time.
    /// </summary>
    long ResetAtMs(CounterPermit part) => RecordEndMs(part.Key.Window, part.WindowStartMs);

    /// <summary>Returns the dead band at its windows' edges, in milliseconds, for a limiter with this margin.</summary>
    int EdgeMs(int marginMs);

    /// <summary>
    /// Returns whether a part may be used at this time. <see cref="SpendOutcome.Wait"/>: not before
    /// <paramref name="startMs"/>.
    /// </summary>
    SpendOutcome CheckSpend(CounterPermit part, long nowMs, int marginMs, out long startMs);

    /// <summary>Returns how much of a record counts at this time, in 10^-9 units.</summary>
    Int128 Counted(Window window, in Reservation record, long nowMs);

    /// <summary>Decodes the entries of a record; null if this kind does not write such entries.</summary>
    SlidingEntries? Decode(ReadOnlySpan<byte> bytes);

    /// <summary>Returns the sentence for a call that finds no room.</summary>
    string Explain(CounterKey key, Amount cost, Amount max, Amount remaining, long resetAtMs);
}
