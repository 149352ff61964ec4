namespace Gateway.Proxy.Upstreams.Relay;

/// <summary>
/// The lifetime of reading a response: until its end, until it is stopped, or as the client's revision allows.
/// </summary>
internal sealed class RelayLife : IDisposable
{
    /// <summary>The time for which a response is still read after its client left.</summary>
    public static readonly TimeSpan AfterClientMax = TimeSpan.FromMinutes(5);

    // The bytes of a response that are still read after its client left; a longer one is abandoned.
    private const int AfterClientBytesMax = 1024 * 1024;

    private readonly CancellationToken _client;
    private readonly CancellationTokenSource? _source;
    private readonly CancellationTokenRegistration _registration;
    private readonly RelayPlan _plan;
    private ITimer? _afterClient;
    private volatile bool _isResumable;
    private int _unread;

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

    /// <summary>True if the stream can be resumed, so that its end need not be the end of the call.</summary>
    public bool CarriesEventIds => _isResumable;

    /// <summary>The token that cancels the reading of the response.</summary>
    public CancellationToken Token { get; }

    /// <summary>
    /// Records that the stream carries event ids. Its client resumes it by a GET, which a server may refuse while the
    /// first reader is connected, so reading ends as soon as the client has left.
    /// </summary>
    public void IsResumable()
    {
        if (_isResumable)
            return;
        _isResumable = true;
        if (_client.IsCancellationRequested)
            _source?.Cancel();
    }

    /// <summary>Counts bytes that no client receives: an endless response is not read to its end.</summary>
    public void Count(int bytes)
    {
        if (!_plan.EndsWithClient && _client.IsCancellationRequested
            && (_unread = (int)Math.Min((long)_unread + bytes, int.MaxValue)) > AfterClientBytesMax)
        {
            _source!.Cancel();
        }
    }

    public void Dispose()
    {
        // First, because it waits for a running callback, which starts the timer.
        _registration.Dispose();
        _afterClient?.Dispose();
        _source?.Dispose();
    }

    private void OnClientGone()
    {
        if (_plan.EndsWithClient || _isResumable)
            _source!.Cancel();
        else
        {
            _afterClient = _plan.Time.CreateTimer(
                static life => ((RelayLife)life!).Release(), this, AfterClientMax, Timeout.InfiniteTimeSpan);
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
            // It ended at the same moment.
        }
    }
}
