namespace Gateway.Proxy.Deadlines;

/// <summary>
/// The deadline of one request; it counts from <see cref="RequestDeadlines.Begin"/> until it is disposed.
/// </summary>
internal sealed class RequestDeadline : IDisposable
{
    private RequestDeadlineList? _list;
    private TimeProvider? _time;
    private long _atTicks = long.MaxValue;

    /// <summary>The deadline in ticks of the monotonic clock.</summary>
    public long AtTicks => Volatile.Read(ref _atTicks);

    /// <summary>The beginning of the request in the same ticks; 0 before it.</summary>
    public long BeganTicks { get; private set; }

    /// <summary>The neighbors in the list; only the list uses them.</summary>
    internal RequestDeadline? Previous { get; set; }

    internal RequestDeadline? Next { get; set; }

    /// <summary>Moves the deadline to a time from now; a request that has not begun has none.</summary>
    public void Set(TimeSpan within)
    {
        if (_time is { } time)
            Set(within, time, time.GetTimestamp());
    }

    /// <summary>Removes the deadline: from now on a server, which has no timeout, decides how long it takes.</summary>
    public void Remove() => Volatile.Write(ref _atTicks, long.MaxValue);

    public void Dispose()
    {
        _list?.Remove(this);
        _list = null;
    }

    internal void Begin(RequestDeadlineList list, TimeProvider time, TimeSpan within)
    {
        (_list, _time, BeganTicks) = (list, time, time.GetTimestamp());
        Set(within, time, BeganTicks);
    }

    private void Set(TimeSpan within, TimeProvider time, long nowTicks) => Volatile.Write(
        ref _atTicks, nowTicks + (long)(within.TotalSeconds * time.TimestampFrequency));
}
