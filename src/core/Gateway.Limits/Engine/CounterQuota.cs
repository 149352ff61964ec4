using Gateway.Limits.Model;

namespace Gateway.Limits.Engine;

/// <summary>The counters that a process has, against its bounds; from any thread.</summary>
public sealed class CounterQuota(CounterBounds bounds)
{
    private readonly Lock _lock = new();
    private readonly SessionTally _sessions = new();
    private int _count;
    private long _refused;

    /// <summary>The bounds.</summary>
    public CounterBounds Bounds { get; } = bounds;

    /// <summary>Counters that there are.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>New ones that were refused so far.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>Takes the place of a new counter; false if there is none for it.</summary>
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

    /// <summary>A counter that had a place is gone.</summary>
    public void Leave(CounterKey key)
    {
        lock (_lock)
        {
            _sessions.Remove(key);
            _count--;
        }
    }
}
