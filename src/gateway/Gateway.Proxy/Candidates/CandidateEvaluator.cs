using Gateway.Audit.Records;
using Gateway.Control.Health;
using Gateway.Control.Memory;
using Gateway.Limits.Model;
using Gateway.Policy.Decisions;
using Gateway.Policy.Rules;
using Gateway.Proxy.Calls;

namespace Gateway.Proxy.Candidates;

/// <summary>
/// The evaluation of calls by a candidate beside the current policy: the same message and instant, with limits on
/// separate counters. It decides nothing; its decision is stored in the call's record. Calls in flight and results are
/// not evaluated.
/// </summary>
internal sealed class CandidateEvaluator(
    PolicyQuestion policy, ILimiter limiter, IEngineHealth engine, MemoryBudget memory)
{
    /// <summary>
    /// Evaluates an admitted call once; returns null if there is no candidate or it cannot decide now.
    /// </summary>
    public async ValueTask<CandidateDecision?> EvaluateAllowedAsync(AdmittedCall admitted)
    {
        // A further attempt is the same call, and a free retry takes no numbers again.
        if (admitted.FreeRetries > 0)
            return null;
        admitted.CandidateDecision ??= await EvaluateAsync(admitted.Call, null, admitted);
        return admitted.CandidateDecision;
    }

    /// <summary>Evaluates a refused call; returns null if there is no candidate or it cannot decide now.</summary>
    public ValueTask<CandidateDecision?> EvaluateRefusedAsync(CallContext call, Refusal refusal) =>
        refusal.Cause is null ? EvaluateAsync(call, refusal, null) : new((CandidateDecision?)null);

    private async ValueTask<CandidateDecision?> EvaluateAsync(
        CallContext call, Refusal? refusal, AdmittedCall? admitted) =>
        call.Binding.Candidate is { } candidate && Decide(call, candidate.Policy) is { } decision
        && await OutcomeAsync(call, refusal, admitted, decision) is { } found
            ? new CandidateDecision(candidate.Sha256, found.Outcome, found.Rule)
            : null;

    private PolicyDecision? Decide(CallContext call, PolicyBinding candidate)
    {
        var bytes = policy.EvaluationBytes(call, candidate);
        var share = call.Grant.State.Memory;
        // A candidate's decision is not worth waiting for memory.
        if (bytes > 0 && !memory.TryTake(share, bytes, MemoryUse.Evaluation))
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

    /// <summary>Returns the outcome and its rule, or null if its limits cannot be counted now.</summary>
    private async ValueTask<(string Outcome, string Rule)?> OutcomeAsync(
        CallContext call, Refusal? refusal, AdmittedCall? admitted, PolicyDecision decision)
    {
        if (decision.Outcome == DecisionOutcome.Deny)
            return (RefusalJson.Name(RefusalCategory.Denied), decision.Rule);
        // A person's decision on exactly this call would have been the same here.
        if (decision.Outcome == DecisionOutcome.Ask && admitted?.SingleUse is null)
        {
            var isDenied = refusal is { ApprovalId: not null, Outcome: RefusalCategory.Denied };
            return (RefusalJson.Name(isDenied ? RefusalCategory.Denied : RefusalCategory.ApprovalRequired),
                decision.Rule);
        }

        if (decision.LimitCosts.IsEmpty)
            return (CandidateDecision.Allowed, decision.Rule);
        // A candidate's decision is not worth waiting for an unavailable store.
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
        return (CandidateDecision.Allowed, decision.Rule);
    }
}
