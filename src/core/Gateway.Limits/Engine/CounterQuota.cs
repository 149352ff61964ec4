using Gateway.Limits.Model;

namespace Gateway.Limits.Engine;

/// <summary>Tracks the number of counters in a process against its bounds. Thread-safe.</summary>
public sealed class CounterQuota(CounterBounds bounds)
{
    private readonly Lock _lock = new();
    private readonly SessionTotals _sessions = new();
    private int _count;
    private long _refused;

    /// <summary>The most counters that a process and a session may have.</summary>
    public CounterBounds Bounds { get; } = bounds;

    /// <summary>Number of counters in memory.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Number of new counters refused so far.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>Reserves a place for a new counter; false if a bound is reached.</summary>
    public bool TryEnter(CounterKey key)
    {
        lock (_lock)
        {
            if (!_sessions.HasRoom(key, _count, Bounds))
            {
                _refused++;
                return false;
            }

            _sessions.Add(key);
            _count++;
            return true;
        }
    }

    /// <summary>Frees the place of a counter that was removed.</summary>
    public void Leave(CounterKey key)
    {
        lock (_lock)
        {
            _sessions.Remove(key);
            _count--;
        }
    }
}
