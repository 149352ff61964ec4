using Gateway.Audit.Records;
using Gateway.Control.Health;
using Gateway.Control.Memory;
using Gateway.Limits.Model;
using Gateway.Mcp.Protocol;
using Gateway.Policy.Decisions;
using Gateway.Proxy.Calls;
using Gateway.Proxy.Refusals;

namespace Gateway.Proxy.Pipeline.Stages;

/// <summary>
/// The stage that evaluates the policy for a call. Evaluating large arguments takes several times their memory, which
/// is reserved for that moment; without it, no decision is made.
/// </summary>
internal sealed class PolicyStage(
    ILimiter limiter, ControlLoss control, MemoryBudget memory, PolicyQuestion policy)
    : IStage<CallContext, DecidedCall>
{
    public ValueTask<StageResult<DecidedCall>> RunAsync(CallContext call)
    {
        var bytes = policy.EvaluationBytes(call);
        return bytes == 0 ? new(Decide(call)) : DecideLargeAsync(call, bytes);
    }

    private async ValueTask<StageResult<DecidedCall>> DecideLargeAsync(CallContext call, long bytes)
    {
        var share = call.Grant.State.Memory;
        if (!await memory.TakeAsync(share, bytes, MemoryUse.Evaluation, call.Http.RequestAborted))
        {
            await (memory.CouldHold(share, bytes)
                ? NoMemory.WriteAsync(call.Http, call.Message.Id)
                : NoMemory.NeverAsync(call.Http, bytes, memory.Options.PerCallerMax, call.Message.Id));
            return StageEnd.Finished;
        }

        try
        {
            return Decide(call);
        }
        finally
        {
            memory.GiveBack(share, bytes);
        }
    }

    private StageResult<DecidedCall> Decide(CallContext call)
    {
        var decision = policy.Decide(call);
        if (control.Refuses(decision) is { } lost)
            return StageEnd.Refuse(lost);
        if (decision.Outcome == DecisionOutcome.Deny)
            return StageEnd.Refuse(Refusal.Of(decision));
        return IsSessionTooMany(call)
            ? StageEnd.Refuse(TooManySessions.Refusal) : new DecidedCall(call, decision);
    }

    private bool IsSessionTooMany(CallContext call) =>
        call.Message.Method == McpMethods.Initialize
        && call.Binding.Policy.HasSessionLimits
        && !limiter.HasRoomForSession(call.Grant.Name);
}
