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
    /// <summary>What the candidate says, once for each call; null where there is none, or it cannot tell.</summary>
    /// <param name="call">The call, decided upon.</param>
    /// <param name="refusal">Why it is refused; null where it goes on.</param>
    public async ValueTask<CandidateVerdict?> JudgeAsync(CallContext call, Refusal? refusal)
    {
        // A further attempt is the same call, and a free retry takes nothing again.
        if (call.Binding.Candidate is not { } candidate || !call.IsDecided || refusal?.Cause is not null
            || call.FreeRetries > 0)
            return null;
        if (call.Permits?.CandidateVerdict is { } known && refusal is null)
            return known;
        if (Decide(call, candidate.Policy) is not { } decision
            || await OutcomeAsync(call, refusal, decision) is not { } found)
            return null;
        var verdict = new CandidateVerdict(candidate.Sha256, found.Outcome, found.Rule);
        if (refusal is null)
            call.Permits!.CandidateVerdict = verdict;
        return verdict;
    }

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
        CallContext call, Refusal? refusal, PolicyDecision decision)
    {
        if (decision.Outcome == DecisionOutcome.Deny)
            return (RefusalJson.Name(RefusalCategory.Denied), decision.Rule);
        // What a person said of this very call, they would have said here too.
        if (decision.Outcome == DecisionOutcome.Ask && (refusal is not null || call.SingleUse is null))
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

        if (refusal is null)
            call.Permits!.Candidate = taken.Permit;
        else
            taken.Permit.Complete();
        return (CandidateVerdict.Allowed, decision.Rule);
    }
}
