namespace Gateway.Storage.Postgres.Batching;

/// <summary>The requests of one round trip and their replies, delivered by a single work item.</summary>
internal sealed class Batch<TRequest, TReply>(int requestsMax, TReply unknown, Action<TRequest>? doubt)
    : IThreadPoolWorkItem
{
    private readonly Pending<TRequest, TReply>[] _requests = new Pending<TRequest, TReply>[requestsMax];
    private readonly TReply[] _replies = new TReply[requestsMax];
    private int _count;

    /// <summary>Receives the batch after it has replied, to fill it again.</summary>
    public required Action<Batch<TRequest, TReply>> OnReplied { get; init; }

    public bool IsFull => _count == _requests.Length;

    /// <summary>The requests, in the order of arrival.</summary>
    public ArraySegment<Pending<TRequest, TReply>> Requests => new(_requests, 0, _count);

    /// <summary>The replies; each is the reply for an unknown outcome until the outcome is known.</summary>
    public TReply[] Replies => _replies;

    public void Add(Pending<TRequest, TReply> request)
    {
        _replies[_count] = unknown;
        _requests[_count++] = request;
    }

    /// <summary>Resets every reply to the one for an unknown outcome.</summary>
    public void Forget() => Array.Fill(_replies, unknown, 0, _count);

    /// <summary>Delivers all replies on a separate thread.</summary>
    public void Reply()
    {
        if (_count > 0) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        else OnReplied(this);
    }

    void IThreadPoolWorkItem.Execute()
    {
        for (var i = 0; i < _count; i++)
        {
            var (request, reply) = (_requests[i], _replies[i]);
            if (doubt is not null && EqualityComparer<TReply>.Default.Equals(reply, unknown)) doubt(request.Request);
            request.End(reply);
        }

        Array.Clear(_requests, 0, _count);
        Array.Clear(_replies, 0, _count);
        _count = 0;
        OnReplied(this);
    }
}
