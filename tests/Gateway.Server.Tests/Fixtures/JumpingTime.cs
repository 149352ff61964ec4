namespace Gateway.Server.Tests.Fixtures;

/// <summary>
/// A clock that runs, and that a test moves ahead: wall and monotonic time together, timers excepted.
/// </summary>
internal sealed class JumpingTime(DateTimeOffset start) : TimeProvider
{
    private readonly long _startTicks = System.GetTimestamp();
    private long _jumped;

    public void Jump(TimeSpan time) => Interlocked.Add(ref _jumped, time.Ticks);

    public override DateTimeOffset GetUtcNow() =>
        start + System.GetElapsedTime(_startTicks) + TimeSpan.FromTicks(Volatile.Read(ref _jumped));

    public override long GetTimestamp() =>
        System.GetTimestamp() + Volatile.Read(ref _jumped) * (System.TimestampFrequency / TimeSpan.TicksPerSecond);
}
