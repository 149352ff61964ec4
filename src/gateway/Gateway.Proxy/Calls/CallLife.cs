using Gateway.Proxy.Deadlines;
using Gateway.Proxy.Upstreams;
using Gateway.Proxy.Upstreams.Relay;

namespace Gateway.Proxy.Calls;

/// <summary>
/// The effect of a client's disconnect on its call. From 2026-07-28 on, closing the stream cancels the call. In earlier
/// revisions it does not: a call that the server may have begun continues for a while, or until its connection or
/// memory is needed, and a call that was not yet written is dropped. In any revision, it does not cancel a call that
/// holds a place in flight. The end of the grant or the loss of a place ends the call at once.
/// </summary>
internal sealed class CallLife : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly CancellationTokenRegistration _registration;
    private readonly CancellationTokenRegistration _ended;
    private readonly CancellationTokenRegistration _lost;
    private readonly CancellationTokenRegistration _timedOut;
    private readonly UpstreamRequest _request;
    private readonly TimeProvider _time;
    private Abandonment? _abandoned;

    public CallLife(AdmittedCall admitted, UpstreamRequest request, CallTimeout? timeout, TimeProvider time)
    {
        (Admitted, _request, Timeout, _time) = (admitted, request, timeout, time);
        var call = admitted.Call;
        _ended = call.Binding.Ended.UnsafeRegister(
            static source => ((CancellationTokenSource)source!).Cancel(), _source);
        if (call.Open is { } open)
            _lost = open.Lost.UnsafeRegister(
                static source => ((CancellationTokenSource)source!).Cancel(), _source);
        if (timeout is not null)
            _timedOut = timeout.Token.UnsafeRegister(
                static source => ((CancellationTokenSource)source!).Cancel(), _source);
        _registration = call.Http.RequestAborted.UnsafeRegister(static life => ((CallLife)life!).OnClientGone(), this);
    }

    public AdmittedCall Admitted { get; }

    public CancellationToken Token => _source.Token;

    /// <summary>The timeout of the call; null if the operator sets none.</summary>
    public CallTimeout? Timeout { get; }

    /// <summary>True if a byte of the call may have reached its server.</summary>
    public bool WasWritten => _request.WasWritten;

    /// <summary>Registers the action that ends the abandoned call once its connection or memory is needed.</summary>
    public void Abandon(Action letGo) => AddAction(letGo);

    private Abandonment AddAction(Action letGo)
    {
        bool isFirst, isLetGo;
        Abandonment abandoned;
        lock (_source)
        {
            abandoned = _abandoned ??= new Abandonment();
            (isFirst, isLetGo) = (abandoned.LetGo is null, abandoned.IsLetGo);
            abandoned.LetGo += letGo;
        }

        if (isLetGo)
            letGo();
        else if (isFirst)
        {
            abandoned.Place = Admitted.Call.Grant.State.Memory.Abandon(() => Release(abandoned));
            _request.Abandon(() => Release(abandoned));
        }

        return abandoned;
    }

    public void Dispose()
    {
        // Dispose the registrations first: they wait for a running callback, which uses the source.
        _ended.Dispose();
        _lost.Dispose();
        _timedOut.Dispose();
        _registration.Dispose();
        _abandoned?.Timer?.Dispose();
        _source.Dispose();
        Timeout?.Dispose();
        if (_abandoned?.Place is { } place)
            Admitted.Call.Grant.State.Memory.Forget(place);
    }

    private void OnClientGone()
    {
        Admitted.Call.Open?.ClientLeft();
        Admitted.Call.ShadowOpen?.ClientLeft();
        if (Admitted.Call.EndsWithClient || !_request.WasWritten)
        {
            Admitted.Call.Deadline.Set(RequestDeadlines.Within);
            _source.Cancel();
        }
        else
        {
            Admitted.Call.Deadline.Set(RelayLife.AfterClientMax + RequestDeadlines.Within);
            AddAction(EndSending).Timer = _time.CreateTimer(
                static life => ((CallLife)life!).EndSending(), this, RelayLife.AfterClientMax,
                System.Threading.Timeout.InfiniteTimeSpan);
        }
    }

    private void Release(Abandonment abandoned)
    {
        Action? letGo;
        lock (_source)
        {
            letGo = abandoned.IsLetGo ? null : abandoned.LetGo;
            abandoned.IsLetGo = true;
        }

        letGo?.Invoke();
    }

    private void EndSending()
    {
        try
        {
            _source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The call ended at the same moment.
        }
    }

    /// <summary>The state that only an abandoned call has.</summary>
    private sealed class Abandonment
    {
        public LinkedListNode<Action>? Place { get; set; }
        public ITimer? Timer { get; set; }
        public Action? LetGo { get; set; }
        public bool IsLetGo { get; set; }
    }
}
