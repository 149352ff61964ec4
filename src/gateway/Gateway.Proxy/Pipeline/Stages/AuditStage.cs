using Gateway.Audit.Records;
using Gateway.Proxy.Calls;
using Gateway.Proxy.Refusals;

namespace Gateway.Proxy.Pipeline.Stages;

/// <summary>The decision is on record before anything leaves; what cannot be recorded is not done.</summary>
internal sealed class AuditStage(DecisionRecorder recorder) : ICallStage
{
    public StageNumber Number => StageNumber.Audit;

    public async ValueTask<StageResult> RunAsync(CallContext call)
    {
        if (!await recorder.AllowedAsync(call))
            return StageResult.Refuse(Refusal.AuditUnavailable);
        RateLimitFields.Write(
            call.Http.Response.Headers, call.Decision.Costs, call.Permits!.Permit, call.AttemptMs);
        return StageResult.Next;
    }
}
