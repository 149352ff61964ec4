namespace Gateway.Limits.Model;

/// <summary>
/// Parts of permits to be used again. They are taken with the lock of the counters that they are for, and come back
/// from any thread: pushed one by one, taken all at once, so that no order of events mistakes one for another.
/// </summary>
public sealed class PermitPool
{
    /// <summary>What a burst leaves behind beyond this is left to the collector.</summary>
    private const int DepthMax = 256;

    private CounterPermit? _ready;
    private CounterPermit? _returned;

    /// <summary>A part to fill.</summary>
    internal CounterPermit Rent_NeedsLock()
    {
        if (_ready is null && Volatile.Read(ref _returned) is not null)
            _ready = Interlocked.Exchange(ref _returned, null);
        if (_ready is not { } part) return new CounterPermit(this);
        (_ready, part.Next) = (part.Next, null);
        return part;
    }

    /// <summary>A part whose permit has ended. Called without any lock.</summary>
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
