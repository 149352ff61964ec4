namespace Gateway.TestHarness.Gateways;

/// <summary>A running clock that a test can move forward: wall and monotonic time together, except timers.</summary>
/// <param name="start">The initial time.</param>
/// <param name="isStill">True if only the test moves it, however long a busy machine takes.</param>
public sealed class JumpingTime(DateTimeOffset start, bool isStill = false) : TimeProvider
{
    private readonly long _startTicks = System.GetTimestamp();
    private long _jumped;

    private long Ticks => isStill ? _startTicks : System.GetTimestamp();

    /// <summary>Changes the due time of new timers; null for none.</summary>
    public Func<TimeSpan, TimeSpan>? Due { get; set; }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, Due?.Invoke(dueTime) ?? dueTime, period);

    public void Jump(TimeSpan time) => Interlocked.Add(ref _jumped, time.Ticks);

    public override DateTimeOffset GetUtcNow() =>
        start + System.GetElapsedTime(_startTicks, Ticks) + TimeSpan.FromTicks(Volatile.Read(ref _jumped));

    public override long GetTimestamp() =>
        Ticks + Volatile.Read(ref _jumped) * (System.TimestampFrequency / TimeSpan.TicksPerSecond);
}
