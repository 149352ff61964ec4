using System.Collections.Frozen;
using System.Text;
using Gateway.Audit.Records;
using Gateway.Control.Documents;
using Gateway.Limits.Model;
using Gateway.Policy.Decisions;
using Gateway.Proxy.Approvals.Digests;
using Gateway.Proxy.Approvals.Requests;
using Gateway.Proxy.Calls;
using Gateway.Proxy.Pipeline;
using Gateway.Proxy.Waiting;

namespace Gateway.Proxy.TaskRuns;

/// <summary>
/// The calls that wait as tasks for room of a limit (<c>wait</c>). The queue is the stored documents; waiting reserves
/// nothing.
/// </summary>
internal sealed class CallQueue(
    ApprovalRepository book, ApprovalTasks tasks, ApprovalRecord record, StandingUses standing, ArgumentsDigest digests,
    ILimiter limiter, ProcessClock clock) : ICallQueue
{
    // A counter may have room again a moment after its window's end. Places in flight are polled at this interval.
    private const long AgainAfterMs = 250;

    private FrozenSet<string> _counters = [];

    /// <summary>Replaces the counters for which calls are known to wait.</summary>
    public void Show(IEnumerable<ApprovalEntry> turns) => _counters = turns
        .Where(static entry => CallTurn.IsWaiting(entry.Approval))
        .Select(static entry => entry.Approval.Task!.Turn!.Counter).ToFrozenSet(StringComparer.Ordinal);

    /// <inheritdoc/>
    public ValueTask<StageEnd?> BeforeLimitsAsync(ApprovedCall approved)
    {
        if (approved.Call.Claim is { } claim)
            return claim.Approval.Task is { Turn: { } turn, Round: null } && approved.Call.NowMs >= turn.UntilMs
                ? OverAsync(approved, turn) : default;
        return _counters.Count > 0 && approved is { Approval: null, Decision.Outcome: DecisionOutcome.Allow }
            ? BehindAsync(approved) : default;
    }

    /// <inheritdoc/>
    public async ValueTask<Refusal> WaitAsync(CallContext call, LackingRoom lacking, Refusal refusal)
    {
        try
        {
            if (call.Claim is not { Approval.Task: { Turn: { } before, Round: null } })
                return await TryStoreAsync(call, lacking, refusal) ?? refusal;
            if (await TurnAsync(lacking, before.UntilMs, call.Http.RequestAborted) is { } turn)
                call.Postponed = new PostponedCall(turn, lacking.Cost.Cost);
            return refusal;
        }
        catch (ControlStoreException)
        {
            return refusal;
        }
    }

    /// <summary>Waits for a moment; returns true if the counter has room then.</summary>
    public async ValueTask<bool> HasRoomAsync(PostponedCall call, TimeProvider time, CancellationToken leaving)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(AgainAfterMs), time, leaving)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var look = await limiter.PeekAsync(
            new LimitRequest(CallId.New(), clock.NowMs(), [call.Cost]), CancellationToken.None);
        return look.Refusal is null;
    }

    /// <summary>Lets a call wait behind others for the same counter, whether or not it has room now.</summary>
    private async ValueTask<StageEnd?> BehindAsync(ApprovedCall approved)
    {
        var (call, decision) = (approved.Call, approved.Decision);
        if (!ApprovalTasks.Offers(call))
            return null;
        try
        {
            foreach (var cost in decision.Costs.Concat(decision.InFlight).Where(static one => one.Wait > TimeSpan.Zero))
            {
                if (!_counters.Contains(await CounterOfAsync(cost, call.Http.RequestAborted)))
                    continue;
                var refusal = new Refusal(
                    RefusalCategory.RateLimited, cost.Rule, $"other calls wait for {cost.Counter} before this one",
                    "Request the state of the task.");
                return await TryStoreAsync(call, new LackingRoom(cost, clock.NowMs()), refusal) is { } waits
                    ? StageEnd.Refuse(waits) : null;
            }
        }
        catch (ControlStoreException)
        {
            // Without the store, the call does not wait.
        }

        return null;
    }

    /// <summary>Ends a call at the end of its wait with the refusal that any other call would get now.</summary>
    private async ValueTask<StageEnd?> OverAsync(ApprovedCall approved, CallTurn turn)
    {
        var (call, decision) = (approved.Call, approved.Decision);
        foreach (var costs in new[] { decision.Costs, decision.InFlight })
        {
            var look = await limiter.PeekAsync(
                new LimitRequest(CallId.New(), call.NowMs, [.. costs.Select(static one => one.Cost)]),
                CancellationToken.None);
            if (look.Refusal is { } refused)
                return StageEnd.Refuse(costs, refused, look.RetryAfterMs);
        }

        return StageEnd.Refuse(new Refusal(
            RefusalCategory.RateLimited, call.Claim!.Approval.Rule,
            $"the call waited for {turn.Name} until {RefusalJson.Time(turn.UntilMs)}, and its turn did not come",
            "Call again."));
    }

    /// <summary>Stores the task of a call that waits; returns null if it cannot wait.</summary>
    private async ValueTask<Refusal?> TryStoreAsync(CallContext call, LackingRoom lacking, Refusal refusal)
    {
        // A call that carries the caller's own token cannot be made later.
        if (!ApprovalTasks.Offers(call) || call.Server.OAuth?.Exchange is not null)
            return null;
        var untilMs = call.NowMs + (long)lacking.Cost.Wait.TotalMilliseconds;
        if (await TurnAsync(lacking, untilMs, call.Http.RequestAborted) is not { } turn)
            return null;
        return await tasks.Room.TryStoreAsync(call, async documents =>
        {
            var waiting = TaskDocuments.OfWaiting(call, lacking.Cost.Rule, turn, standing.ContractOf(call));
            waiting = waiting with { Task = (await tasks.NewAsync(call, waiting.Id)) with { Turn = turn } };
            // No other process knows the name, so that no other change comes first.
            if ((await book.StoreAsync(waiting.Id, 0, waiting)).Entry is not { } stored)
                return ApprovalRefusals.MayBeMade(
                    lacking.Cost.Rule, "The call may still be made when there is room; check before you repeat it.");
            await record.WaitsAsync(waiting, clock.NowMs());
            return tasks.CreatedWaiting(call, stored, refusal, documents);
        }, call.Http.RequestAborted);
    }

    /// <summary>Returns the next turn of a call; null if there is no room by the end of its wait.</summary>
    private async ValueTask<CallTurn?> TurnAsync(LackingRoom lacking, long untilMs, CancellationToken cancellation)
    {
        var isPlace = lacking.Cost.WindowText.Length == 0;
        if (!isPlace && (lacking.ResetMs == 0 || lacking.ResetMs >= untilMs))
            return null;
        var nowMs = clock.NowMs();
        return nowMs >= untilMs ? null : new CallTurn
        {
            Counter = await CounterOfAsync(lacking.Cost, cancellation),
            Name = isPlace ? "a free place for a call in flight"
                : $"the limit {lacking.Cost.Counter} ({lacking.Cost.Cost.MaxAt(nowMs)} per {lacking.Cost.WindowText})",
            ResetMs = isPlace ? null : lacking.ResetMs,
            NextMs = isPlace ? nowMs : Math.Max(lacking.ResetMs, nowMs + AgainAfterMs),
            UntilMs = untilMs,
        };
    }

    /// <summary>
    /// Returns the identity of the counter; that of a value contains its digest under the gateway's key.
    /// </summary>
    private async ValueTask<string> CounterOfAsync(DecisionCost cost, CancellationToken cancellation)
    {
        var text = cost.Cost.Key.Text;
        return cost.Cost.Value is not { Parts: var parts } ? text
            : $"{text} {await digests.OfAsync(
                Encoding.UTF8.GetBytes($"\"{Convert.ToHexString(parts.Span)}\""), cancellation)}";
    }
}
