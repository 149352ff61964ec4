using Gateway.Limits.Model;

namespace Gateway.Proxy.InFlight;

/// <summary>
/// One place that a call holds: good for a while, by two clocks, and then no more unless it is renewed.
/// </summary>
/// <param name="permit">What stands for it.</param>
/// <param name="askedAt">When it was asked for, on the monotonic clock.</param>
internal sealed class CallPlace(Permit permit, long askedAt)
{
    private long _askedAt = askedAt;
    private long _triedAt = askedAt;
    private CallId _renewal;
    private long _renewalAskedAt;

    /// <summary>What stands for it now.</summary>
    public Permit Permit { get; private set; } = permit;

    /// <summary>Whether the answer to a renewal is awaited; whoever asked for it deals with the place then.</summary>
    public bool IsRenewing { get; private set; }

    /// <summary>Whether its call may be open: by the clock, and by how long ago the place was asked for.</summary>
    public bool IsGood(TimeProvider time, long nowMs)
    {
        var part = Permit.Parts[0];
        return IsGoodAt(part, nowMs)
            && IsGoodAt(part, part.WindowStartMs + (long)time.GetElapsedTime(_askedAt).TotalMilliseconds);
    }

    /// <summary>Whether to renew it now; if so, that has begun.</summary>
    public bool TryBegin(TimeProvider time, TimeSpan every)
    {
        if (IsRenewing || time.GetElapsedTime(_triedAt) < every)
            return false;
        (IsRenewing, _triedAt) = (true, time.GetTimestamp());
        // A renewal that was not answered may have been made. What it gave is good from when it was first asked for.
        if (_renewal == default)
            (_renewal, _renewalAskedAt) = (CallId.New(), _triedAt);
        return true;
    }

    /// <summary>Asks for the renewal that has begun.</summary>
    public ValueTask<Permit> RenewAsync(ILimiter limiter) => limiter.RenewAsync(Permit, _renewal);

    /// <summary>The renewal has ended; if nothing came of it, it is tried again soon.</summary>
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
