using Gateway.Policy.Tools.Replay;

namespace Gateway.Audit.Replaying;

/// <summary>
/// Sorts records by instant. Many threads write them, so they can be slightly out of order in the file.
/// </summary>
internal sealed class ReplayOrder
{
    private const int HeldMax = 512;

    private readonly PriorityQueue<object, (long TimeMs, long Number)> _held = new(HeldMax + 1);
    private long _number;

    /// <summary>Adds a record; returns true if it or an earlier one is next.</summary>
    public bool TryPass(object record, out object next)
    {
        _held.Enqueue(record, (TimeMs(record), _number++));
        next = null!;
        return _held.Count > HeldMax && TryTake(out next);
    }

    /// <summary>Removes the next remaining record at the end.</summary>
    public bool TryTake(out object next) => _held.TryDequeue(out next!, out _);

    /// <summary>Returns the instant by which a record is sorted.</summary>
    public static long TimeMs(object record) => record switch
    {
        RecordedCall call => PolicyReplay.LabelledMs(call),
        RecordedEnd end => end.TimeMs,
        _ => ((RecordedFlood)record).TimeMs,
    };
}
