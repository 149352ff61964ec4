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
/// What the policy says of the call. To judge large arguments takes several times their memory, which is taken for the
/// moment that it lasts; where there is none, nothing was decided.
/// </summary>
internal sealed class PolicyStage(
    ILimiter limiter, ControlLoss control, MemoryBudget memory, PolicyQuestion policy) : ICallStage
{
    public StageNumber Number => StageNumber.Policy;

    public ValueTask<StageResult> RunAsync(CallContext call)
    {
        var bytes = policy.JudgingBytes(call);
        return bytes == 0 ? new(Decide(call)) : DecideLargeAsync(call, bytes);
    }

    private async ValueTask<StageResult> DecideLargeAsync(CallContext call, long bytes)
    {
        var share = call.Grant.State.Memory;
        if (!await memory.TakeAsync(share, bytes, MemoryUse.Judging, call.Http.RequestAborted))
        {
            await (memory.CouldHold(share, bytes)
                ? NoMemory.WriteAsync(call.Http, call.Message.Id)
                : NoMemory.NeverAsync(call.Http, bytes, memory.Options.PerCallerMax, call.Message.Id));
            return StageResult.Done;
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

    private StageResult Decide(CallContext call)
    {
        var decision = call.Decision = policy.Decide(call);
        if (control.Refuses(decision) is { } lost)
            return StageResult.Refuse(lost);
        if (decision.Outcome == DecisionOutcome.Deny)
            return StageResult.Refuse(Refusal.Of(decision));
        return IsSessionTooMany(call) ? StageResult.Refuse(TooManySessions.Refusal) : StageResult.Next;
    }

    private bool IsSessionTooMany(CallContext call) =>
        call.Message.Method == McpMethods.Initialize
        && call.Binding.Policy.HasSessionLimits
        && !limiter.HasRoomForSession(call.Grant.Name);
}
