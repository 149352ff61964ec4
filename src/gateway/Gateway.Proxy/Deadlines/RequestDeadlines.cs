namespace Gateway.Proxy.Deadlines;

/// <summary>
/// Open requests, each with the time by which the gateway itself has to be done with it. One that is older shows a
/// fault of the gateway: every loop, wait and retry on the request path has a shorter bound.
/// </summary>
internal sealed class RequestDeadlines
{
    /// <summary>
    /// Longer than all bounds of a request together that the gateway sets before it has forwarded the request:
    /// waiting for memory, the stores, a connection, and one list of every server.
    /// </summary>
    public static readonly TimeSpan Within = TimeSpan.FromMinutes(1);

    // Several lists, so that requests on different cores rarely wait for each other.
    private readonly RequestDeadlineList[] _lists;

    public RequestDeadlines(TimeProvider time)
    {
        _lists = new RequestDeadlineList[Environment.ProcessorCount];
        for (var i = 0; i < _lists.Length; i++)
            _lists[i] = new RequestDeadlineList(time);
    }

    /// <summary>Open requests that are past their deadline.</summary>
    public long Overdue => _lists.Sum(static list => list.CountOverdue());

    /// <summary>Begins a request, which is over when <paramref name="request"/> is disposed.</summary>
    public void Begin(RequestDeadline request, TimeSpan within) =>
        _lists[Environment.CurrentManagedThreadId % _lists.Length].Add(request, within);
}
