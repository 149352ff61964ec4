using Gateway.Mcp;
using Gateway.Proxy.Approvals.Requests;
using Gateway.Proxy.Calls;
using Gateway.Proxy.Deadlines;

namespace Gateway.Proxy.Waiting;

/// <summary>
/// The wait of one call while a person decides, for as long as the rule allows, within the bound of the process. It
/// sends progress notifications if the agent sent a progress token and comments otherwise. The wait ends early with the
/// agent's connection, the grant or the process.
/// </summary>
internal sealed class CallWait : IDisposable
{
    /// <summary>The interval between progress notifications; shorter than the idle timeout of common proxies.</summary>
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(5);

    private readonly CallContext _call;
    private readonly WaitingCalls _held;
    private readonly TimeProvider _time;
    private readonly TimeSpan _atMost;
    private readonly CancellationTokenSource _end;
    private long? _since;
    private bool _hasPlace;
    private WaitingResponse? _answer;
    private string? _linkId;
    private bool _isDecided;

    public CallWait(
        CallContext call, TimeSpan atMost, WaitingCalls held, TimeProvider time, CancellationToken stopping)
    {
        (_call, _held, _time) = (call, held, time);
        // No client waits for a response to a notification.
        _atMost = call.Message.Kind == McpMessageKind.Request ? atMost : TimeSpan.Zero;
        _end = CancellationTokenSource.CreateLinkedTokenSource(
            call.Http.RequestAborted, call.Binding.Ended, stopping);
    }

    /// <summary>True once time has passed since the call was evaluated.</summary>
    public bool WasHeld { get; private set; }

    /// <summary>Waits for a change in the control store, or until the next progress notification is due.</summary>
    /// <returns>False once the call must not wait any longer.</returns>
    public async ValueTask<bool> WaitAsync(ApprovalRepository book, long revision, Approval approval)
    {
        if (_since is null)
            Begin();
        var waited = _time.GetElapsedTime(_since!.Value);
        if (!_hasPlace || waited >= _atMost || _end.IsCancellationRequested)
            return false;
        WasHeld = true;
        try
        {
            await ReportProgressAsync(approval, waited);
            await book.WaitAsync(revision, Least(_atMost - waited, Beat), _end.Token);
            return true;
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Notifies a client that was sent a link, once, that a person has decided.</summary>
    public ValueTask DecidedAsync()
    {
        if (_linkId is null || _isDecided)
            return default;
        _isDecided = true;
        return _answer!.SendAsync(UrlElicitation.Completed(_linkId), _call.Http.RequestAborted);
    }

    public void Dispose()
    {
        if (_hasPlace)
            _held.Leave();
        _end.Dispose();
    }

    private void Begin()
    {
        _since = _time.GetTimestamp();
        _hasPlace = _atMost > TimeSpan.Zero && _held.TryEnter();
        if (_hasPlace)
            _call.Deadline.Set(_atMost + RequestDeadlines.Within);
    }

    private async ValueTask ReportProgressAsync(Approval approval, TimeSpan waited)
    {
        var token = _call.Message.ProgressToken;
        var link = _linkId is not null ? null : _held.Links.InStream(_call, approval);
        // Without a progress token, a comment keeps the connection open. Only a call that actually waits becomes a
        // stream.
        if ((token.IsEmpty && waited < Beat && link is null) || !WaitingResponse.Accepts(_call.Http.Request))
            return;
        _answer ??= await WaitingResponse.BeginAsync(_call.Http, _call.Message.Id);
        _call.Stream ??= _answer;
        if (link is not null)
        {
            var text = LinkQuestions.TextOf(_call, approval.Reason);
            // Each attempt of a call has its own call id, so the link's id is unique.
            _linkId = _call.IdText;
            await _answer.SendAsync(UrlElicitation.Request(_linkId, link, text), _end.Token);
        }

        if (token.IsEmpty)
            await _answer.SendCommentAsync("waiting for a person to approve this call", _end.Token);
        else
            await _answer.SendAsync(ProgressEvent.Write(token.Span, approval, waited, _atMost), _end.Token);
    }

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
