namespace Gateway.Policy.Tools.Testing;

/// <summary>A clock that stands still until it is set, and never fires timers.</summary>
internal sealed class VirtualTime : TimeProvider
{
    private long _nowMs;

    public override long TimestampFrequency => 1000;

    /// <param name="nowMs">Unix milliseconds UTC, not before the last.</param>
    public void Set(long nowMs) => _nowMs = nowMs;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(_nowMs);

    public override long GetTimestamp() => _nowMs;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new SilentTimer();

    private sealed class SilentTimer : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => default;
    }
}
