using Gateway.Policy.Tools.Replay;

namespace Gateway.Audit.Replaying;

/// <summary>
/// Puts records that stand a little out of order, as many threads write them, into the order of their instants.
/// </summary>
internal sealed class ReplayOrder
{
    private const int HeldMax = 512;

    private readonly PriorityQueue<object, (long TimeMs, long Number)> _held = new(HeldMax + 1);
    private long _number;

    /// <summary>Takes a record; true where it, or an earlier one, is next.</summary>
    public bool TryPass(object record, out object next)
    {
        _held.Enqueue(record, (TimeMs(record), _number++));
        next = null!;
        return _held.Count > HeldMax && TryTake(out next);
    }

    /// <summary>Those that are left, at the end.</summary>
    public bool TryTake(out object next) => _held.TryDequeue(out next!, out _);

    /// <summary>The instant by which a record has its place.</summary>
    public static long TimeMs(object record) => record switch
    {
        RecordedCall call => PolicyReplay.LabelledMs(call),
        RecordedEnd end => end.TimeMs,
        _ => ((RecordedFlood)record).TimeMs,
    };
}
