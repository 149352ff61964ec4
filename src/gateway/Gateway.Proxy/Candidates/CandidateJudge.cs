using Gateway.Audit.Records;
using Gateway.Control.Health;
using Gateway.Control.Memory;
using Gateway.Limits.Model;
using Gateway.Policy.Decisions;
using Gateway.Policy.Rules;
using Gateway.Proxy.Calls;

namespace Gateway.Proxy.Candidates;

/// <summary>
/// Has a candidate judge a call beside the policy in force: by the same message and instant, its limits on counters of
/// their own. It decides nothing; what it says stands in the call's record. Calls in flight and answers are not judged.
/// </summary>
internal sealed class CandidateJudge(
    PolicyQuestion policy, ILimiter limiter, IEngineHealth engine, MemoryBudget memory)
{
    /// <summary>Evaluates an admitted call once; null if there is no candidate or it cannot decide now.</summary>
    public async ValueTask<CandidateVerdict?> JudgeAllowedAsync(AdmittedCall admitted)
    {
        // A further attempt is the same call, and a free retry takes nothing again.
        if (admitted.FreeRetries > 0)
            return null;
        admitted.CandidateVerdict ??= await JudgeAsync(admitted.Call, null, admitted);
        return admitted.CandidateVerdict;
    }

    /// <summary>Evaluates a refused call; null if there is no candidate or it cannot decide now.</summary>
    public ValueTask<CandidateVerdict?> JudgeRefusedAsync(CallContext call, Refusal refusal) =>
        refusal.Cause is null ? JudgeAsync(call, refusal, null) : new((CandidateVerdict?)null);

    private async ValueTask<CandidateVerdict?> JudgeAsync(CallContext call, Refusal? refusal, AdmittedCall? admitted) =>
        call.Binding.Candidate is { } candidate && Decide(call, candidate.Policy) is { } decision
        && await OutcomeAsync(call, refusal, admitted, decision) is { } found
            ? new CandidateVerdict(candidate.Sha256, found.Outcome, found.Rule)
            : null;

    private PolicyDecision? Decide(CallContext call, PolicyBinding candidate)
    {
        var bytes = policy.JudgingBytes(call, candidate);
        var share = call.Grant.State.Memory;
        // For the sake of a verdict nobody waits for memory.
        if (bytes > 0 && !memory.TryTake(share, bytes, MemoryUse.Judging))
            return null;
        try
        {
            return policy.Decide(call, candidate);
        }
        finally
        {
            if (bytes > 0)
                memory.GiveBack(share, bytes);
        }
    }

    /// <summary>The outcome and its rule; null where its limits cannot be counted now.</summary>
    private async ValueTask<(string Outcome, string Rule)?> OutcomeAsync(
        CallContext call, Refusal? refusal, AdmittedCall? admitted, PolicyDecision decision)
    {
        if (decision.Outcome == DecisionOutcome.Deny)
            return (RefusalJson.Name(RefusalCategory.Denied), decision.Rule);
        // What a person said of this very call, they would have said here too.
        if (decision.Outcome == DecisionOutcome.Ask && admitted?.SingleUse is null)
        {
            var isDenied = refusal is { ApprovalId: not null, Outcome: RefusalCategory.Denied };
            return (RefusalJson.Name(isDenied ? RefusalCategory.Denied : RefusalCategory.ApprovalRequired),
                decision.Rule);
        }

        if (decision.LimitCosts.IsEmpty)
            return (CandidateVerdict.Allowed, decision.Rule);
        // No call waits for a store that is away for the sake of a verdict.
        if (engine.Fault is not null)
            return null;
        var taken = await limiter.AcquireAsync(
            new LimitRequest(call.Id, call.NowMs, decision.LimitCosts), CancellationToken.None);
        if (taken.Refusal is { } refused)
        {
            var wouldBe = Refusal.Of(decision.Costs, refused, taken.RetryAfterMs);
            return wouldBe.Cause is null ? (RefusalJson.Name(wouldBe.Outcome), wouldBe.Rule) : null;
        }

        if (admitted is not null)
            admitted.Candidate = taken.Permit;
        else
            taken.Permit.Complete();
        return (CandidateVerdict.Allowed, decision.Rule);
    }
}
