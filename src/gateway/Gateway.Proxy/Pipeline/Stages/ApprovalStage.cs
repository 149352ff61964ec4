using Gateway.Audit.Records;
using Gateway.Limits.Model;
using Gateway.Policy.Decisions;
using Gateway.Proxy.Approvals.Requests;
using Gateway.Proxy.Calls;
using Gateway.Proxy.Edge.Listeners;
using Gateway.Proxy.Waiting;

namespace Gateway.Proxy.Pipeline.Stages;

/// <summary>A call that a person has to approve may wait for that, and is then decided upon anew.</summary>
internal sealed class ApprovalStage(
    ILimiter limiter, ApprovalRequester approvals, GrantRevalidator grants, PolicyQuestion policy) : ICallStage
{
    public StageNumber Number => StageNumber.Approval;

    public ValueTask<StageResult> RunAsync(CallContext call) =>
        call.Decision.Outcome == DecisionOutcome.Ask ? AskAsync(call) : new(StageResult.Next);

    private async ValueTask<StageResult> AskAsync(CallContext call)
    {
        var decision = call.Decision;
        var wait = (CallWait)(call.Wait ??= approvals.Hold(call, decision));
        // The limits first: nobody is asked about a call that has no room anyway.
        var look = await limiter.PeekAsync(
            new LimitRequest(call.Id, call.NowMs, decision.LimitCosts), call.Http.RequestAborted);
        if (look.Refusal is { } refused)
            return StageResult.Refuse(decision.Costs, refused, look.RetryAfterMs);
        var answer = await approvals.AskAsync(call, decision, wait);
        if (answer.Refusal is null or { Outcome: RefusalCategory.Denied })
            await wait.DecidedAsync();
        if (answer.Refusal is { } unapproved)
            return StageResult.Refuse(unapproved);
        if (wait.WasHeld)
        {
            // Time has passed: neither the grant nor the policy need be what they were.
            if (grants.Now(call.Grant, call.Server.Name) is not { } current)
                return StageResult.Refuse(ApprovalRefusals.GrantEnded);
            call.Reevaluate(current.Grant, current.Server, current.NowMs);
            decision = call.Decision = policy.Decide(call);
            if (decision.Outcome == DecisionOutcome.Deny)
                return StageResult.Refuse(Refusal.Of(decision));
        }

        call.Approval = decision.Outcome == DecisionOutcome.Ask ? answer.Approval : null;
        return StageResult.Next;
    }
}
