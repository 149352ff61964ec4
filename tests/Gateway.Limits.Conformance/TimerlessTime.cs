namespace Gateway.Limits.Conformance;

/// <summary>A clock whose timers never end: what is answered by it did not wait for time to pass.</summary>
/// <param name="clock">What it is.</param>
public sealed class TimerlessTime(TimeProvider clock) : TimeProvider
{
    private readonly ConcurrentQueue<TimeSpan> _asked = new();

    /// <summary>The times that somebody has wanted to wait, and waits.</summary>
    public IReadOnlyCollection<TimeSpan> Asked => _asked;

    public override long TimestampFrequency => clock.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

    public override long GetTimestamp() => clock.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        _asked.Enqueue(dueTime);
        return clock.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }
}
