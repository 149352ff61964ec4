namespace Gateway.Proxy.InFlight;

/// <summary>
/// The places of one call, from before its first byte until its server has answered. They are kept while the call may
/// be at work, whoever has left meanwhile; a call that cannot keep them is ended.
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

    /// <summary>Set when a place could not be kept: the call must end, before another one has the place.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Whether the call may be sent now, or go on.</summary>
    public bool IsHeld
    {
        get
        {
            lock (_lock)
                return !_isEnded && IsGood;
        }
    }

    /// <summary>Whether nobody here waits for the answer any more.</summary>
    public bool IsUnanswered => _unansweredAt is not null;

    private bool IsGood => _places.TrueForAll(place => place.IsGood(_all.Time, _all.NowMs));

    /// <summary>Its client left: what it began goes on.</summary>
    public void ClientLeft() => _leftAt ??= _all.Time.GetTimestamp();

    /// <summary>The server has answered, or was never asked: the places are free.</summary>
    public async Task ReleaseAsync()
    {
        if (!TryEnd())
            return;
        foreach (var place in _places)
        {
            // Who awaits a renewal gives back what comes of it.
            if (!place.IsRenewing)
                await _all.Limiter.ReleaseAsync(place.Permit, CancellationToken.None);
        }
    }

    /// <summary>
    /// This gateway has ended its side, and the server has not answered: it may be at work, so the places are kept
    /// until a call is held to have timed out, as reckoned from when its client left.
    /// </summary>
    public void KeepUnanswered() => _unansweredAt ??= _leftAt ?? _all.Time.GetTimestamp();

    /// <summary>Looks after the places: now and then, as long as there are any.</summary>
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
            // What was lost expires by itself: until then the server may be at work.
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
