using Gateway.Audit.Records;
using Gateway.Proxy.Calls;
using Gateway.Proxy.Refusals;

namespace Gateway.Proxy.Pipeline.Stages;

/// <summary>
/// The stage that records the decision before anything is sent; a call that cannot be recorded is refused.
/// </summary>
internal sealed class AuditStage(DecisionRecorder recorder) : IStage<AdmittedCall, AuditedCall>
{
    public async ValueTask<StageResult<AuditedCall>> RunAsync(AdmittedCall input)
    {
        if (!await recorder.AllowedAsync(input))
            return StageEnd.Refuse(Refusal.AuditUnavailable);
        recorder.Allowed(input);
        RateLimitFields.Write(
            input.Call.Http.Response.Headers, input.Decision.Costs, input.Permit, input.AttemptMs);
        return new AuditedCall(input);
    }
}
