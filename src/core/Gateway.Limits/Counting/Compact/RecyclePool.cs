namespace Gateway.Limits.Counting.Compact;

/// <summary>Pool of reusable objects, shared by all counters of one engine. Thread-safe.</summary>
/// <param name="forget">Resets an object that is no longer used.</param>
/// <remarks>
/// A counter is old and can lie anywhere in memory. A young object that it references makes the garbage collector scan
/// the memory around it, which was a third of the cost of a write when a million counters took turns.
/// </remarks>
public sealed class RecyclePool<T>(Action<T> forget)
    where T : class, new()
{
    /// <summary>
    /// About as many counters as are active at the same time; surplus objects are left to the garbage collector.
    /// </summary>
    private const int KeptMax = 4096;

    private readonly Lock _lock = new();
    private readonly Stack<T> _kept = new();

    /// <summary>Returns an object in its initial state.</summary>
    public T Rent()
    {
        lock (_lock) return _kept.TryPop(out var kept) ? kept : new T();
    }

    /// <summary>Takes back an object that nothing else references.</summary>
    public void Return(T done)
    {
        forget(done);
        lock (_lock)
        {
            if (_kept.Count < KeptMax) _kept.Push(done);
        }
    }
}
