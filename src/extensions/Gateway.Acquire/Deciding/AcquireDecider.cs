using System.Collections.Concurrent;
using System.Collections.Immutable;
using Gateway.Acquire.Messages;
using Gateway.Acquire.Options;
using Gateway.Audit.Records;
using Gateway.Limits.Model;
using Gateway.Policy.Budgets;
using Gateway.Policy.Text;
using Microsoft.AspNetCore.Http;

namespace Gateway.Acquire.Deciding;

/// <summary>
/// Charges calls of services: all costs of a call or none, and each id once. A call that cannot be counted gets a
/// problem, never an approval.
/// </summary>
internal sealed class AcquireDecider(
    ILimiter limiter, ProcessClock clock, CallMarkers markers, ChargeBook charges, ChargeRecorder recorder,
    AcquireOptions options)
{
    /// <summary>Maximum number of attempts if a window ends while a call is counted.</summary>
    private const int AttemptsMax = 3;

    private readonly ConcurrentDictionary<(string Service, string Id), RunningCall> _running = [];

    /// <summary>Decides and records a request.</summary>
    public async Task<AcquireDecision> AcquireAsync(
        Actor by, AcquireMessage message, IReadOnlyDictionary<string, Budget> budgets)
    {
        var (call, wrong) = WantedCall.Read(by, message, budgets, options);
        if (wrong is not null)
        {
            if (wrong.Status == StatusCodes.Status403Forbidden && !message.DryRun)
                await recorder.ForbiddenAsync(by, message, wrong);
            return wrong;
        }

        if (message.DryRun)
            return await LookAsync(call!);
        if (recorder.Fault is { } unrecorded)
            return unrecorded;
        var decision = await DecideAsync(call!);
        // A charge is already recorded, because it must be before it takes effect.
        return decision.Answer is not { Allowed: true, Repeated: false }
            && await recorder.DecidedAsync(call!, decision) is { } problem ? problem : decision;
    }

    /// <summary>Decides a call. A concurrent repeat of the same call waits for the decision.</summary>
    private async Task<AcquireDecision> DecideAsync(WantedCall call)
    {
        var mine = new RunningCall(call.Fingerprint, () => ChargeAsync(call));
        var first = _running.GetOrAdd((call.Service, call.Id), mine);
        if (!ReferenceEquals(first, mine))
        {
            if (first.Fingerprint != call.Fingerprint)
                return Reused(call);
            var decision = await first.Decision;
            return decision.Answer is { Allowed: true } answer ? answer with { Repeated = true } : decision;
        }

        try
        {
            return await mine.Decision;
        }
        finally
        {
            _running.TryRemove(new((call.Service, call.Id), mine));
        }
    }

    private static AcquireProblem Reused(WantedCall call) => AcquireProblem.Of(
        StatusCodes.Status409Conflict, "Another call has this id",
        $"The id \"{Spelling.Shorten(call.Id)}\" was already charged for other costs; use a new id for each call.");

    private static AcquireProblem AlreadyReturned(WantedCall call) => AcquireProblem.Of(
        StatusCodes.Status409Conflict, "Already returned",
        $"The charge for the id \"{Spelling.Shorten(call.Id)}\" was returned, so this id cannot be used again. "
        + "Use a new id.");

    private static AcquireProblem ProblemOf(LimitRefusal refusal) => AcquireProblem.Unavailable(
        refusal.Reason + " A call that cannot be counted is not allowed; retry with the same id.");

    private async Task<AcquireDecision> ChargeAsync(WantedCall call)
    {
        var mark = default(Permit);
        var isDone = false;
        try
        {
            for (var attempt = 0; attempt < AttemptsMax; attempt++)
            {
                var costs = call.Costs.Select(static cost => cost.Charge).ToImmutableArray();
                var decision = await limiter.AcquireAsync(
                    new LimitRequest(CallId.New(), clock.NowMs(), costs), CancellationToken.None);
                if (!decision.IsAdmitted)
                    return mark.IsMissing ? await RefuseAsync(call, decision) : await AnswerAsync(call, decision);
                var permit = decision.Permit;
                if (mark.IsMissing)
                {
                    var made = await MarkAsync(call, permit);
                    if (made.Outcome != MarkOutcome.New)
                        return await KnownAsync(call, made);
                    mark = made.Permit;
                }

                if (await recorder.ChargeAsync(call, permit) is { } unrecorded)
                {
                    // A repeat at another frontend may have seen the mark and been allowed, so the call stays charged.
                    permit.Complete();
                    return unrecorded;
                }

                if (await IsSpentAsync(permit))
                {
                    isDone = true;
                    return Finish(call, permit);
                }

                // The call stays charged: as long as the mark exists, a repeat may be allowed, and somebody has to pay
                // for it.
                permit.Complete();
            }

            return AcquireProblem.Unavailable(
                "Several attempts to count this call failed, because a window ended during each of them; retry with "
                    + "the same id.");
        }
        finally
        {
            if (!mark.IsMissing)
                await EndMarkAsync(mark, isDone);
        }
    }

    /// <summary>
    /// Marks the id as charged. The costs are returned only if it is certain that this process left no mark; otherwise
    /// a repeat would be allowed without a charge.
    /// </summary>
    private async ValueTask<CallMark> MarkAsync(WantedCall call, Permit permit)
    {
        var isCharged = true;
        try
        {
            var made = await markers.MakeAsync(call);
            isCharged = made.Outcome == MarkOutcome.New || made.MayStand;
            return made;
        }
        finally
        {
            if (!isCharged)
                await limiter.ReleaseAsync(permit, CancellationToken.None);
        }
    }

    /// <summary>
    /// Keeps the mark if there is a decision; otherwise removes it, so that the id can be requested again.
    /// </summary>
    private async ValueTask EndMarkAsync(Permit mark, bool isDone)
    {
        if (isDone)
            mark.Complete();
        else
            await limiter.ReleaseAsync(mark, CancellationToken.None);
    }

    /// <summary>Refuses a call for lack of room, unless it was charged before.</summary>
    private async ValueTask<AcquireDecision> RefuseAsync(WantedCall call, LimitDecision decision)
    {
        if (decision.Refusal!.Kind is not (RefusalKind.NoRoom or RefusalKind.CostOverMax))
            return ProblemOf(decision.Refusal);
        var known = await markers.FindAsync(call);
        return known.Outcome == MarkOutcome.New ? await AnswerAsync(call, decision) : await KnownAsync(call, known);
    }

    private async ValueTask<AcquireDecision> KnownAsync(WantedCall call, CallMark mark)
    {
        if (mark.Outcome == MarkOutcome.Other)
            return Reused(call);
        var returned = mark.Outcome == MarkOutcome.Same ? await markers.FindReturnedAsync(call.Service, call.Id) : mark;
        if (returned.Outcome == MarkOutcome.Unknown)
            return ProblemOf(returned.Refusal!);
        if (returned.Outcome != MarkOutcome.New)
            return AlreadyReturned(call);
        return new AcquireAnswer
        {
            Id = call.Id,
            Allowed = true,
            Repeated = true,
            Costs = await StandingsAsync(call),
        };
    }

    private AcquireAnswer Finish(WantedCall call, Permit permit)
    {
        var costs = new CostAnswer[call.Costs.Length];
        for (var i = 0; i < costs.Length; i++)
        {
            foreach (var part in permit.Parts)
            {
                if (part.Key == call.Costs[i].Counter)
                    costs[i] = call.Costs[i].Answer(part.Max, part.RemainingAfter, part.ResetAtMs);
            }
        }

        recorder.Charged(call, permit);
        charges.Add(call, permit);
        return new AcquireAnswer { Id = call.Id, Allowed = true, Costs = costs };
    }

    private async ValueTask<AcquireDecision> LookAsync(WantedCall call)
    {
        var costs = call.Costs.Select(static cost => cost.Charge).ToImmutableArray();
        var decision = await limiter.PeekAsync(
            new LimitRequest(CallId.New(), clock.NowMs(), costs), CancellationToken.None);
        return await AnswerAsync(call, decision);
    }

    private async ValueTask<AcquireDecision> AnswerAsync(WantedCall call, LimitDecision decision)
    {
        if (decision.Refusal is { Kind: not (RefusalKind.NoRoom or RefusalKind.CostOverMax) } failure)
            return ProblemOf(failure);
        var answer = new AcquireAnswer
        {
            Id = call.Id,
            Allowed = decision.IsAdmitted,
            Costs = await StandingsAsync(call),
            RefusedBy = decision.Refusal?.CostIndex,
            Reason = decision.Refusal?.Reason,
            RetryAfter = decision.RetryAfterMs is { } ms ? ms / 1000m : null,
        };
        return new AcquireDecision(answer, null) { Refusal = decision.Refusal };
    }

    private async ValueTask<IReadOnlyList<CostAnswer>> StandingsAsync(WantedCall call)
    {
        var standings = new List<CostAnswer>(call.Costs.Length);
        foreach (var cost in call.Costs)
        {
            var request = new LimitRequest(CallId.New(), clock.NowMs(), [cost.Look]);
            var look = await limiter.PeekAsync(request, CancellationToken.None);
            var max = cost.Budget.MaxAt(request.NowMs);
            standings.Add(look.Refusal is { } refusal
                ? cost.Answer(max, refusal.Remaining, refusal.ResetAtMs)
                : cost.Answer(max, look.Permit.Parts[0].RemainingAfter, look.Permit.Parts[0].ResetAtMs));
        }

        return standings;
    }

    /// <summary>
    /// Commits the charge, as the last step before the response; returns false if a window has ended since the charge.
    /// </summary>
    private async ValueTask<bool> IsSpentAsync(Permit permit)
    {
        SpendOutcome outcome;
        while ((outcome = permit.TrySpend(clock.NowMs(), out var waitMs)) == SpendOutcome.Wait)
            await Task.Delay(TimeSpan.FromMilliseconds(waitMs), clock.Timers);
        return outcome == SpendOutcome.Spent;
    }

    private sealed class RunningCall(long fingerprint, Func<Task<AcquireDecision>> decide)
    {
        private readonly Lazy<Task<AcquireDecision>> _decision = new(decide);

        public long Fingerprint => fingerprint;

        public Task<AcquireDecision> Decision => _decision.Value;
    }
}

/// <summary>A decision, or the problem that prevented it.</summary>
internal readonly record struct AcquireDecision(AcquireAnswer? Answer, AcquireProblem? Problem)
{
    /// <summary>The limit that had no room, for the audit record.</summary>
    public LimitRefusal? Refusal { get; init; }

    public static implicit operator AcquireDecision(AcquireAnswer answer) => new(answer, null);

    public static implicit operator AcquireDecision(AcquireProblem problem) => new(null, problem);
}
