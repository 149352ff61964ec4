using Gateway.Audit.Records;
using Gateway.Proxy.Calls;
using Gateway.Proxy.Refusals;

namespace Gateway.Proxy.Pipeline;

/// <summary>
/// The pipeline that runs a call through its stages. A refused call first releases everything that it holds.
/// </summary>
internal sealed class CallPipeline(
    DecidingStages deciding, SendingStages sending, DecisionRecorder recorder, ICallQueue queue)
{
    /// <summary>
    /// The maximum number of permits per call. Another one is needed if its window ended before the first byte.
    /// </summary>
    public const int PermitAttemptsMax = 3;

    /// <summary>Runs the call to its response; returns false if it ended before the policy could evaluate it.</summary>
    public async Task<bool> RunAsync(CallContext call)
    {
        // Each call allocates the state of this method. AsTask keeps the results of the stages out of that state.
        var stages = deciding.RunAsync(call);
        var decided = stages.IsCompletedSuccessfully ? stages.Result : await stages.AsTask();
        if (!decided.TryGetOutput(out var approved, out var end))
        {
            await EndAsync(call, end, held: null, isFreeRetry: false);
            return end != StageEnd.Finished;
        }

        var isFreeRetry = approved.Priced.FreeRetries > 0;
        if (await queue.BeforeLimitsAsync(approved) is { } early)
        {
            await EndAsync(call, early, held: null, isFreeRetry);
            return true;
        }

        var attempt = new LimitAttempt(approved, null);
        AdmittedCall? admitted = null;
        for (var (approvals, attempts) = (1, 1); ;)
        {
            if ((await sending.Limits.RunAsync(attempt)).TryGetOutput(out var taken, out end))
            {
                admitted = taken;
                var recorded = await sending.Audit.RunAsync(taken);
                if (recorded.TryGetOutput(out var audited, out end))
                {
                    var sent = await sending.Forward.RunAsync(audited).AsTask();
                    if (sent.TryGetOutput(out var forwarded, out end) && forwarded.Resendable is { } refused)
                    {
                        sent = await sending.Resend.RunAsync(refused).AsTask();
                        admitted = sent.TryGetOutput(out forwarded, out end)
                            ? forwarded.Admitted : end.ToLimits ?? admitted;
                    }

                    if (sent.TryGetOutput(out forwarded, out end))
                    {
                        var relaying = sending.Relay.RunAsync(forwarded);
                        var answered = relaying.IsCompletedSuccessfully ? relaying.Result : await relaying.AsTask();
                        if (answered.TryGetOutput(out var relayed, out end))
                            await sending.Finish.RunAsync(relayed);
                    }
                }
            }

            if (end.ToLimits is { } before && attempts++ < PermitAttemptsMax)
                attempt = LimitAttempt.After(before);
            else if (end.ToApproval is { } priced && approvals++ < PermitAttemptsMax)
            {
                var again = await deciding.Approval.RunAsync(priced).AsTask();
                if (!again.TryGetOutput(out var reapproved, out end))
                    break;
                attempt = new LimitAttempt(reapproved, null);
            }
            else
                break;
        }

        await EndAsync(call, end, admitted, isFreeRetry);
        return true;
    }

    private async ValueTask EndAsync(CallContext call, StageEnd end, AdmittedCall? held, bool isFreeRetry)
    {
        if (end.Refusal is { } refusal)
        {
            if (held is not null)
                await held.GiveBackAsync();
            await call.ReleasePlacesAsync();
            if (end.Lacking is { } lacking)
            {
                refusal = await queue.WaitAsync(call, lacking, refusal);
                if (call.Postponed is not null)
                    return;
            }

            await RefusalWriter.WriteAsync(
                call, await recorder.RefusedAsync(call, refusal, isFreeRetry), end.Limit, end.Costs);
        }

        if (call.Stream is { } stream)
            await stream.EndAsync();
    }
}

/// <summary>The stages that evaluate a call; they use up nothing but a retry token.</summary>
internal sealed class DecidingStages(
    IStage<CallContext, DecidedCall> policy, IStage<DecidedCall, DecidedCall> connection,
    IStage<DecidedCall, PricedCall> retryToken, IStage<PricedCall, ApprovedCall> approval)
{
    public IStage<PricedCall, ApprovedCall> Approval => approval;

    /// <summary>Runs the stages. In the common case they complete synchronously and allocate no state.</summary>
    public async ValueTask<StageResult<ApprovedCall>> RunAsync(CallContext call)
    {
        if (!(await policy.RunAsync(call)).TryGetOutput(out var decided, out var end)
            || !(await connection.RunAsync(decided)).TryGetOutput(out decided, out end)
            || !(await retryToken.RunAsync(decided)).TryGetOutput(out var priced, out end))
            return end;
        return await approval.RunAsync(priced);
    }
}

/// <summary>The stages that acquire permits for an approved call, record it, send it and finish it.</summary>
internal sealed record SendingStages(
    IStage<LimitAttempt, AdmittedCall> Limits, IStage<AdmittedCall, AuditedCall> Audit,
    IStage<AuditedCall, ForwardedCall> Forward, IStage<ResendableCall, ForwardedCall> Resend,
    IStage<ForwardedCall, RelayedCall> Relay, IStage<RelayedCall, AdmittedCall> Finish);

/// <summary>The calls that wait as tasks for room of a limit.</summary>
internal interface ICallQueue
{
    /// <summary>
    /// Returns the end of a call that takes no limits now: others wait for the same counter, so that it waits behind
    /// them, or its own wait is over. Null for any other.
    /// </summary>
    ValueTask<StageEnd?> BeforeLimitsAsync(ApprovedCall approved);

    /// <summary>
    /// Lets a refused call wait, if its client and the limit permit it, and sets <see cref="CallContext.Postponed"/> of
    /// one that waited already; returns the refusal, with the task if the call is a new one.
    /// </summary>
    ValueTask<Refusal> WaitAsync(CallContext call, LackingRoom lacking, Refusal refusal);
}
