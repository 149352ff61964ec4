namespace Gateway.Faults.FailPoints;

/// <summary>
/// A limiter that passes a fail point when a call has its permit, before anything else is done with it.
/// </summary>
internal sealed class PassingLimiter(ILimiter limiter, FailPoint point) : ILimiter
{
    public async ValueTask<LimitDecision> AcquireAsync(LimitRequest request, CancellationToken cancellationToken)
    {
        var decision = await limiter.AcquireAsync(request, cancellationToken);
        if (decision.IsAdmitted) point.Pass(Points.BeforeRecord);
        return decision;
    }

    public ValueTask<LimitDecision> PeekAsync(LimitRequest request, CancellationToken cancellationToken) =>
        limiter.PeekAsync(request, cancellationToken);

    public ValueTask ReleaseAsync(Permit permit, CancellationToken cancellationToken) =>
        limiter.ReleaseAsync(permit, cancellationToken);

    public ValueTask RefundAsync(Permit permit, CancellationToken cancellationToken) =>
        limiter.RefundAsync(permit, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Permit> RenewAsync(Permit permit, CallId renewal) => limiter.RenewAsync(permit, renewal);

    /// <inheritdoc/>
    public bool HasRoomForSession(string grant) => limiter.HasRoomForSession(grant);
}
