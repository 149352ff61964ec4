namespace Gateway.Orleans.Tests.Clusters;

/// <summary>Time that moves when a test says so; wall and monotonic time move together.</summary>
internal sealed class ManualClock : TimeProvider
{
    private long _nowMs = new DateTimeOffset(2026, 3, 2, 10, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    public override long TimestampFrequency => 1000;

    public long NowMs => Volatile.Read(ref _nowMs);

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(NowMs);

    public override long GetTimestamp() => NowMs;

    public void Advance(TimeSpan time) => Interlocked.Add(ref _nowMs, (long)time.TotalMilliseconds);
}
