using System.Threading.RateLimiting;
using Gateway.Limits.Model;

namespace Gateway.RateLimiting;

/// <summary>
/// Acquires from one counter of the limiter. A request that cannot be decided gets a failed lease, so that nothing
/// passes uncounted.
/// </summary>
internal sealed class ExactAcquirer(ILimiter engine, ProcessClock clock)
{
    private const int AttemptsMax = 3;

    private readonly GivenUpAttempts _givenUp = new(engine);

    private static LimitDecision Expired { get; } = LimitDecision.Refuse(
        new LimitRefusal(
            -1, RefusalKind.EngineUnavailable, Amount.Zero, Amount.Zero, 0,
            "Several attempts to count failed, because the window ended during each of them."),
        1000);

    /// <summary>
    /// Decides immediately from numbers at hand. If that is not possible the lease fails; the numbers already requested
    /// go to an acquire of the same cost that starts before the store's reply, and are otherwise returned.
    /// </summary>
    public RateLimitLease TakeAtOnce(ExactLimit limit, Amount cost, Action<LimitDecision>? seen = null)
    {
        if (_givenUp.IsAnyOf(limit.Key)) return ExactLease.NotAtHand;
        var asking = AskAsync(limit, cost, CancellationToken.None);
        if (!asking.IsCompletedSuccessfully)
        {
            if (cost != Amount.Zero) _givenUp.Add(limit.Key, cost, asking.AsTask());
            return ExactLease.NotAtHand;
        }

        var decision = asking.Result;
        if (!decision.IsAdmitted || cost == Amount.Zero
            || decision.Permit.TrySpend(clock.NowMs(), out _) == SpendOutcome.Spent)
        {
            return Answer(decision, seen);
        }

        // The window has not begun, or is over.
        _givenUp.Add(limit.Key, cost, Task.FromResult(decision));
        return ExactLease.NotAtHand;
    }

    /// <summary>Waits for the store if necessary, but never for room.</summary>
    public async ValueTask<RateLimitLease> AcquireAsync(
        ExactLimit limit, Amount cost, Action<LimitDecision>? seen, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        for (var attempt = 1; ; attempt++)
        {
            var decision = await TakeOverAsync(limit, cost, cancellationToken)
                ?? await AskAsync(limit, cost, cancellationToken);
            if (!decision.IsAdmitted || cost == Amount.Zero || await IsSpentAsync(decision.Permit, cancellationToken))
                return Answer(decision, seen);
            if (attempt == AttemptsMax)
                return Answer(Expired, seen);
        }
    }

    private static ExactLease Answer(in LimitDecision decision, Action<LimitDecision>? seen)
    {
        seen?.Invoke(decision);
        decision.Permit.Complete();
        return ExactLease.Of(decision);
    }

    private ValueTask<LimitDecision> AskAsync(ExactLimit limit, Amount cost, CancellationToken cancellationToken)
    {
        var isProbe = cost == Amount.Zero;
        var asked = new LimitCost(limit.Key, Amount.FromUnits(limit.PermitLimit), isProbe ? Amount.One : cost);
        var request = new LimitRequest(CallId.New(), clock.NowMs(), [asked]);
        return isProbe
            ? engine.PeekAsync(request, cancellationToken)
            : engine.AcquireAsync(request, cancellationToken);
    }

    /// <summary>
    /// Takes over the request of a failed attempt; null if there is none, after the numbers of other attempts were
    /// returned.
    /// </summary>
    private async ValueTask<LimitDecision?> TakeOverAsync(
        ExactLimit limit, Amount cost, CancellationToken cancellationToken)
    {
        if (_givenUp.TryTake(limit.Key, cost) is not { } begun)
        {
            await _givenUp.WaitAsync(limit.Key, cancellationToken);
            return null;
        }

        try
        {
            return await begun.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            _givenUp.Add(limit.Key, cost, begun);
            throw;
        }
    }

    /// <summary>
    /// Commits the permit; returns false if its window has ended since the decision, after returning it.
    /// </summary>
    private async ValueTask<bool> IsSpentAsync(Permit permit, CancellationToken cancellationToken)
    {
        var isSpent = false;
        try
        {
            SpendOutcome outcome;
            while ((outcome = permit.TrySpend(clock.NowMs(), out var waitMs)) == SpendOutcome.Wait)
                await Task.Delay(TimeSpan.FromMilliseconds(waitMs), clock.Timers, cancellationToken);
            return isSpent = outcome == SpendOutcome.Spent;
        }
        finally
        {
            if (!isSpent) await engine.ReleaseAsync(permit, CancellationToken.None);
        }
    }
}
