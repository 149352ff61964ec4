namespace Gateway.Server.Tests.Demo;

/// <summary>A clock that jumps to a timer's due time when the timer is made, the first time a little less.</summary>
internal sealed class SteppingTime(DateTimeOffset start, TimeSpan early = default) : TimeProvider
{
    private DateTimeOffset _now = start;

    public int Timers { get; private set; }

    public override DateTimeOffset GetUtcNow() => _now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Timers++;
        _now += Timers == 1 ? dueTime - early : dueTime;
        return System.CreateTimer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }
}
