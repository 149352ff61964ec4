using Gateway.Audit.Records;
using Gateway.Limits.Model;
using Gateway.Policy.Decisions;
using Gateway.Proxy.Approvals.Requests;
using Gateway.Proxy.Calls;
using Gateway.Proxy.Edge.Listeners;
using Gateway.Proxy.Waiting;

namespace Gateway.Proxy.Pipeline.Stages;

/// <summary>
/// The stage that requests approval for a call that needs it, waits for the decision, and then evaluates the call
/// again.
/// </summary>
internal sealed class ApprovalStage(
    ILimiter limiter, ApprovalRequester approvals, GrantRevalidator grants, PolicyQuestion policy)
    : IStage<PricedCall, ApprovedCall>
{
    public ValueTask<StageResult<ApprovedCall>> RunAsync(PricedCall input) =>
        input.Call.Claim is { } claim ? new(Approved(input, claim))
            : input.Decision.Outcome == DecisionOutcome.Ask ? AskAsync(input) : new(new ApprovedCall(input, null));

    /// <summary>
    /// Lets a call that was approved as a task use its approval, whether or not the policy still requires one.
    /// </summary>
    private StageResult<ApprovedCall> Approved(PricedCall input, TaskClaim claim) =>
        approvals.WhyNotRun(input.Call, input.Decision, claim) is { } refusal
            ? StageEnd.Refuse(refusal) : new ApprovedCall(input, new GivenApproval(claim.Entry, null));

    private async ValueTask<StageResult<ApprovedCall>> AskAsync(PricedCall priced)
    {
        var (call, decision) = (priced.Call, priced.Decision);
        var wait = (CallWait)(call.Wait ??= approvals.Hold(call, decision));
        // Check the limits first: no approval is requested for a call that has no room.
        var look = await limiter.PeekAsync(
            new LimitRequest(call.Id, call.NowMs, decision.LimitCosts), call.Http.RequestAborted);
        if (look.Refusal is { } refused)
            return StageEnd.Refuse(decision.Costs, refused, look.RetryAfterMs);
        var answer = await approvals.AskAsync(call, decision, wait);
        if (answer.Refusal is null or { Outcome: RefusalCategory.Denied })
            await wait.DecidedAsync();
        if (answer.Refusal is { } unapproved)
            return StageEnd.Refuse(unapproved);
        if (wait.WasHeld)
        {
            // Time has passed: the grant and the policy may have changed.
            if (grants.Now(call.Grant, call.Server.Name) is not { } current)
                return StageEnd.Refuse(ApprovalRefusals.GrantEnded);
            call.Reevaluate(current.Grant, current.Server, current.NowMs);
            decision = policy.Decide(call);
            if (decision.Outcome == DecisionOutcome.Deny)
                return StageEnd.Refuse(Refusal.Of(decision));
        }

        return new ApprovedCall(
            priced with { Decision = decision }, decision.Outcome == DecisionOutcome.Ask ? answer.Approval : null);
    }
}
