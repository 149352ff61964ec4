namespace Gateway.Limits.Model;

/// <summary>
/// How the window of a limit moves: the times of what is given out, when it may be used, and the words for it. One
/// object a kind; <c>WindowKind</c> lists them.
/// </summary>
public interface IWindowKind
{
    /// <summary>As it stands in policies and in the texts of keys, which are stored: it never changes.</summary>
    string Name { get; }

    /// <summary>
    /// Whether windows follow one another at fixed times of UTC; else any interval of the window's length is one.
    /// </summary>
    bool IsAligned { get; }

    /// <summary>
    /// Whether it numbers what it gives out. A number says by itself whether it is too late to come back; what is only
    /// counted must not come back once it may no longer be used.
    /// </summary>
    bool IsNumbered { get; }

    /// <summary>Whether a counter can be made to begin anew, as another generation of it.</summary>
    bool BeginsAnew => true;

    /// <summary>Why there is no limit of this kind with this window; null if there is.</summary>
    string? Check(Window window);

    /// <summary>The limit in words.</summary>
    /// <param name="what">What is counted, and how much of it: <c>10</c>, <c>2500 of args.amount</c>.</param>
    /// <param name="max">How much, alone.</param>
    /// <param name="each">The window: <c>a minute</c>, <c>every 15 minutes</c>.</param>
    /// <param name="length">How long it is: <c>minute</c>, <c>15 minutes</c>.</param>
    string Say(string what, string max, string each, string length) => $"at most {what} {each}";

    /// <summary>Until when (exclusive) what was reserved at this start may be used.</summary>
    long DeadlineMs(Window window, long startMs);

    /// <summary>When nothing counts any more of what a record of this start holds.</summary>
    long RecordEndMs(Window window, long startMs);

    /// <summary>The same of this very record, which may say by itself when its window ends.</summary>
    long RecordEndMs(Window window, in Reservation record) => RecordEndMs(window, record.WindowStartMs);

    /// <summary>The earliest moment of which a record of this start still counts something.</summary>
    long FirstCountedMs(Window window, long startMs);

    /// <summary>How many times the maximum it lets through, at most, in any interval of this length.</summary>
    long MostIn(Window window, long spanMs);

    /// <summary>
    /// When all is free again that was charged when a part was given out, this part included; 0 where no clock says it.
    /// </summary>
    long ResetAtMs(CounterPermit part) => RecordEndMs(part.Key.Window, part.WindowStartMs);

    /// <summary>The dead band at the edges of its windows, where those of the limiter have this one.</summary>
    int EdgeMs(int marginMs);

    /// <summary>
    /// Whether a part may be used at this time. <see cref="SpendOutcome.Wait"/>: not before <paramref name="startMs"/>.
    /// </summary>
    SpendOutcome CheckSpend(CounterPermit part, long nowMs, int marginMs, out long startMs);

    /// <summary>What counts at this time of what a record holds, in 10^-9 units.</summary>
    Int128 Counted(Window window, in Reservation record, long nowMs);

    /// <summary>Reads the entries of a record back; null if they are none that this kind writes.</summary>
    SlidingEntries? Decode(ReadOnlySpan<byte> bytes);

    /// <summary>The sentence for a call that finds no room.</summary>
    string Explain(CounterKey key, Amount cost, Amount max, Amount remaining, long resetAtMs);
}
