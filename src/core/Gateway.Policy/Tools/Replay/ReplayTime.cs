namespace Gateway.Policy.Tools.Replay;

/// <summary>The clock of the record. It stands still between calls, and fires timers when it passes them.</summary>
internal sealed class ReplayTime : TimeProvider
{
    private readonly List<RingingTimer> _timers = [];
    private long _nowMs;

    public override long TimestampFrequency => 1000;

    /// <summary>Advances to a time in Unix milliseconds. It never goes back.</summary>
    public void Advance(long toMs)
    {
        if (toMs <= _nowMs)
            return;
        _nowMs = toMs;
        foreach (var timer in _timers)
            timer.RingIfDue(toMs);
    }

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(_nowMs);

    public override long GetTimestamp() => _nowMs;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new RingingTimer(callback, state, (long)period.TotalMilliseconds);
        // A one-shot timer is for a waiting caller, and nothing waits here.
        if (timer.PeriodMs > 0)
            _timers.Add(timer);
        return timer;
    }

    private sealed class RingingTimer(TimerCallback callback, object? state, long periodMs) : ITimer
    {
        private long _dueMs;

        public long PeriodMs => periodMs;

        public void RingIfDue(long nowMs)
        {
            if (nowMs < _dueMs)
                return;
            _dueMs = nowMs + periodMs;
            callback(state);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => default;
    }
}
