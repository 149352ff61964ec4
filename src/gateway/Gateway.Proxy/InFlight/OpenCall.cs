namespace Gateway.Proxy.InFlight;

/// <summary>
/// The places of one call, from before its first byte until its server has responded. They are kept while the server
/// may be working, even if the client has left; a call that cannot keep them is ended.
/// </summary>
public sealed class OpenCall
{
    private readonly InFlightCalls _all;
    private readonly List<CallPlace> _places;
    private readonly CancellationTokenSource _lost;
    private readonly Lock _lock = new();
    private long? _leftAt;
    private long? _unansweredAt;
    private bool _isEnded;
    private bool _isLost;

    internal OpenCall(InFlightCalls all, List<CallPlace> places, CancellationTokenSource lost) =>
        (_all, _places, _lost) = (all, places, lost);

    /// <summary>
    /// Cancelled when a place could not be kept: the call must end before another call takes the place.
    /// </summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>True while the call may be sent or continue.</summary>
    public bool IsHeld
    {
        get
        {
            lock (_lock)
                return !_isEnded && IsGood;
        }
    }

    /// <summary>True once no client of this gateway waits for the response.</summary>
    public bool IsUnanswered => _unansweredAt is not null;

    private bool IsGood => _places.TrueForAll(place => place.IsGood(_all.Time, _all.NowMs));

    /// <summary>Records that the client left; the call itself continues.</summary>
    public void ClientLeft() => _leftAt ??= _all.Time.GetTimestamp();

    /// <summary>Frees the places after the server has responded or if it never received the call.</summary>
    public async Task ReleaseAsync()
    {
        if (!TryEnd())
            return;
        foreach (var place in _places)
        {
            // The code that awaits a renewal releases the renewed permit.
            if (!place.IsRenewing)
                await _all.Limiter.ReleaseAsync(place.Permit, CancellationToken.None);
        }
    }

    /// <summary>
    /// Keeps the places after this gateway has ended its side without a response from the server, which may still be
    /// working. They are kept until the call counts as timed out, measured from the time its client left.
    /// </summary>
    public void KeepUnanswered() => _unansweredAt ??= _leftAt ?? _all.Time.GetTimestamp();

    /// <summary>Keeps the places again as those of an open call: the gateway itself now waits for its end.</summary>
    public void Continue() => (_leftAt, _unansweredAt) = (null, null);

    /// <summary>Checks the places; called periodically while the call holds any.</summary>
    internal void Check()
    {
        if (_unansweredAt is { } at && _all.Time.GetElapsedTime(at) >= _all.UnansweredMax)
        {
            _ = ReleaseAsync();
            return;
        }

        List<CallPlace>? due = null;
        lock (_lock)
        {
            if (_isEnded)
                return;
            _isEnded = _isLost = !IsGood;
            if (!_isLost)
                due = _places.FindAll(place => place.TryBegin(_all.Time, InFlightCalls.RenewEvery));
        }

        if (_isLost)
        {
            _all.Forget(this, isLost: true);
            _ = _lost.CancelAsync();
        }

        foreach (var place in due ?? [])
            _ = RenewAsync(place);
    }

    private async Task RenewAsync(CallPlace place)
    {
        var renewed = await _all.RenewAsync(place);
        bool isFree;
        lock (_lock)
        {
            place.End(renewed);
            // A lost place expires by itself: until then the server may be working.
            isFree = _isEnded && !_isLost;
        }

        if (isFree)
            await _all.Limiter.ReleaseAsync(place.Permit, CancellationToken.None);
    }

    private bool TryEnd()
    {
        lock (_lock)
        {
            if (_isEnded)
                return false;
            _isEnded = true;
        }

        _all.Forget(this, isLost: false);
        return true;
    }
}
