namespace Gateway.Proxy.Deadlines;

/// <summary>
/// Open requests in a linked list through the requests themselves, so that no request costs an allocation.
/// </summary>
internal sealed class RequestDeadlineList(TimeProvider time)
{
    private readonly Lock _lock = new();
    private RequestDeadline? _first;

    public void Add(RequestDeadline request, TimeSpan within)
    {
        request.Begin(this, time, within);
        lock (_lock)
        {
            request.Next = _first;
            if (_first is { } first)
                first.Previous = request;
            _first = request;
        }
    }

    public void Remove(RequestDeadline request)
    {
        lock (_lock)
        {
            if (request.Previous is { } previous)
                previous.Next = request.Next;
            else if (_first == request)
                _first = request.Next;
            if (request.Next is { } next)
                next.Previous = request.Previous;
            (request.Previous, request.Next) = (null, null);
        }
    }

    public long CountOverdue()
    {
        var now = time.GetTimestamp();
        var count = 0L;
        lock (_lock)
        {
            for (var request = _first; request is not null; request = request.Next)
                count += request.AtTicks < now ? 1 : 0;
        }

        return count;
    }
}
