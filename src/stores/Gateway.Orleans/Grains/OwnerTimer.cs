using Gateway.Limits.Model;

namespace Gateway.Orleans.Grains;

/// <summary>Wakes one owner when a waiting call's time ends; used while holding that owner's lock.</summary>
internal sealed class OwnerTimer : IDisposable
{
    private readonly CounterActivation _owner;
    private readonly ProcessClock _clock;
    private readonly ITimer _timer;
    private long _wakeAtMs = long.MaxValue;

    public OwnerTimer(CounterActivation owner, ProcessClock clock, TimeProvider time)
    {
        (_owner, _clock) = (owner, clock);
        _timer = time.CreateTimer(
            static timer => ((OwnerTimer)timer!).Wake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Wakes the owner at this time at the latest.</summary>
    public void WakeAt(long atMs)
    {
        if (atMs >= Volatile.Read(ref _wakeAtMs)) return;
        Volatile.Write(ref _wakeAtMs, atMs);
        _timer.Change(TimeSpan.FromMilliseconds(Math.Max(1, atMs - _clock.NowMs())), Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _timer.Dispose();

    private void Wake()
    {
        var dueMs = Interlocked.Exchange(ref _wakeAtMs, long.MaxValue);
        if (dueMs != long.MaxValue) _owner.OnTimer(dueMs);
    }
}
