namespace Gateway.Limits.Model;

/// <summary>
/// A pool of permit parts. Parts are rented under the lock of their counters and returned from any thread. They are
/// pushed one by one and taken all at once, which rules out the ABA problem.
/// </summary>
public sealed class PermitPool
{
    /// <summary>Surplus parts after a burst are left to the garbage collector.</summary>
    private const int DepthMax = 256;

    private CounterPermit? _ready;
    private CounterPermit? _returned;

    /// <summary>Returns a part to fill.</summary>
    internal CounterPermit Rent_NeedsLock()
    {
        if (_ready is null && Volatile.Read(ref _returned) is not null)
            _ready = Interlocked.Exchange(ref _returned, null);
        if (_ready is not { } part) return new CounterPermit(this);
        (_ready, part.Next) = (part.Next, null);
        return part;
    }

    /// <summary>Returns a part, whose permit has ended, to the pool. Called without any lock.</summary>
    public void Return(CounterPermit part)
    {
        while (true)
        {
            var top = Volatile.Read(ref _returned);
            part.Depth = top is null ? 1 : top.Depth + 1;
            if (part.Depth > DepthMax) return;
            part.Next = top;
            if (Interlocked.CompareExchange(ref _returned, part, top) == top) return;
        }
    }
}
