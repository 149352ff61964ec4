namespace Gateway.Proxy.Upstreams.Relay;

/// <summary>
/// How long an answer is read: to its end, until it is stopped, or as long as the client's era lets it live.
/// </summary>
internal sealed class RelayLife : IDisposable
{
    private readonly CancellationToken _client;
    private readonly CancellationTokenSource? _source;
    private readonly CancellationTokenRegistration _registration;
    private readonly RelayPlan _plan;
    private volatile bool _isResumable;
    private long _unread;

    public RelayLife(RelayPlan plan, CancellationToken client, CancellationToken stopping)
    {
        _plan = plan;
        _client = client;
        if (plan.EndsWithClient && !stopping.CanBeCanceled && plan.Timeout is null)
        {
            Token = client;
            return;
        }

        _source = plan.Timeout is { } timeout
            ? CancellationTokenSource.CreateLinkedTokenSource(stopping, timeout.Elapsed)
            : CancellationTokenSource.CreateLinkedTokenSource(stopping);
        Token = _source.Token;
        _registration = client.UnsafeRegister(static life => ((RelayLife)life!).OnClientGone(), this);
    }

    /// <summary>Whether the stream can be taken up again, so that its end need not be the call's.</summary>
    public bool CarriesEventIds => _isResumable;

    /// <summary>Ends the reading of the answer.</summary>
    public CancellationToken Token { get; }

    /// <summary>
    /// The stream carries event ids: its client takes it up again by a GET, which a server may refuse while the first
    /// reader is still there, so it is let go as soon as its client is gone.
    /// </summary>
    public void IsResumable()
    {
        if (_isResumable)
            return;
        _isResumable = true;
        if (_client.IsCancellationRequested)
            _source?.Cancel();
    }

    /// <summary>Nobody gets these bytes any more: an answer that goes on and on is not read to its end.</summary>
    public void Count(int bytes)
    {
        if (!_plan.EndsWithClient && _client.IsCancellationRequested
            && (_unread += bytes) > _plan.AfterClientBytesMax)
        {
            _source!.Cancel();
        }
    }

    public void Dispose()
    {
        _registration.Dispose();
        _source?.Dispose();
    }

    private void OnClientGone()
    {
        if (_plan.EndsWithClient || _isResumable)
            _source!.Cancel();
        else
        {
            _source!.CancelAfter(_plan.AfterClientMax);
            _plan.OnAbandoned?.Invoke(Release);
        }
    }

    private void Release()
    {
        try
        {
            _source!.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It ended in the same moment.
        }
    }
}
