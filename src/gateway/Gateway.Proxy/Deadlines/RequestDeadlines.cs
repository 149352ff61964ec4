namespace Gateway.Proxy.Deadlines;

/// <summary>
/// The open requests, each with the time by which the gateway itself must be done with it. An overdue request reveals a
/// fault of the gateway: every loop, wait and retry on the request path has a shorter bound.
/// </summary>
internal sealed class RequestDeadlines
{
    /// <summary>
    /// A time longer than the sum of all bounds before a request is forwarded: waiting for memory, the stores, a
    /// connection, and one list of every server.
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

    /// <summary>The number of open requests past their deadline.</summary>
    public long Overdue => _lists.Sum(static list => list.CountOverdue());

    /// <summary>Begins a request, which ends when <paramref name="request"/> is disposed.</summary>
    public void Begin(RequestDeadline request, TimeSpan within) =>
        _lists[Environment.CurrentManagedThreadId % _lists.Length].Add(request, within);
}
