using Gateway.Limits.Model;

namespace Gateway.Proxy.InFlight;

/// <summary>One place that a call holds. It expires by two clocks unless it is renewed.</summary>
/// <param name="permit">The permit for the place.</param>
/// <param name="askedAt">The monotonic timestamp of the request for it.</param>
internal sealed class CallPlace(Permit permit, long askedAt)
{
    private long _askedAt = askedAt;
    private long _triedAt = askedAt;
    private CallId _renewal;
    private long _renewalAskedAt;

    /// <summary>The current permit for the place.</summary>
    public Permit Permit { get; private set; } = permit;

    /// <summary>True while a renewal is pending; the code that awaits the renewal then handles the place.</summary>
    public bool IsRenewing { get; private set; }

    /// <summary>
    /// Returns true if the call may stay open: by the clock, and by the time elapsed since the place was requested.
    /// </summary>
    public bool IsGood(TimeProvider time, long nowMs)
    {
        var part = Permit.Parts[0];
        return IsGoodAt(part, nowMs)
            && IsGoodAt(part, part.WindowStartMs + (long)time.GetElapsedTime(_askedAt).TotalMilliseconds);
    }

    /// <summary>Begins a renewal if one is due; returns true if it began.</summary>
    public bool TryBegin(TimeProvider time, TimeSpan every)
    {
        if (IsRenewing || time.GetElapsedTime(_triedAt) < every)
            return false;
        (IsRenewing, _triedAt) = (true, time.GetTimestamp());
        // A renewal without a response may have succeeded. Its place is valid from the time of the first request.
        if (_renewal == default)
            (_renewal, _renewalAskedAt) = (CallId.New(), _triedAt);
        return true;
    }

    /// <summary>Requests the renewal that has begun.</summary>
    public ValueTask<Permit> RenewAsync(ILimiter limiter) => limiter.RenewAsync(Permit, _renewal);

    /// <summary>Ends the renewal. If it failed, it is tried again soon.</summary>
    public void End(Permit renewed)
    {
        IsRenewing = false;
        if (renewed.IsMissing)
            return;
        (Permit, _askedAt, _triedAt, _renewal) = (renewed, _renewalAskedAt, _renewalAskedAt, default);
    }

    private static bool IsGoodAt(CounterPermit part, long nowMs) =>
        part.Key.Kind.CheckSpend(part, nowMs, 0, out _) == SpendOutcome.Spent;
}
