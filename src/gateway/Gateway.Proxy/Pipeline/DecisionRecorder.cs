using Gateway.Audit.Arguments;
using Gateway.Audit.Records;
using Gateway.Audit.Writing;
using Gateway.Control.Health;
using Gateway.Mcp.Protocol;
using Gateway.Policy.Decisions;
using Gateway.Proxy.Calls;
using Gateway.Proxy.Candidates;
using Gateway.Proxy.Telemetry;

namespace Gateway.Proxy.Pipeline;

/// <summary>Puts each decision on record, before anything comes of it.</summary>
internal sealed class DecisionRecorder(
    AuditLog audit, ArgumentRecorder arguments, RefusalFold folds, Troubles troubles, GatewayMetrics metrics,
    RefusalWatch watch, CandidateJudge candidates)
{
    /// <summary>False where it could not be recorded, and the call must be denied.</summary>
    public ValueTask<bool> AllowedAsync(AdmittedCall admitted) => admitted.Call.Binding.Candidate is null
        ? RecordAllowedAsync(admitted, candidate: null)
        : JudgeAllowedAsync(admitted);

    private async ValueTask<bool> JudgeAllowedAsync(AdmittedCall admitted) =>
        await RecordAllowedAsync(admitted, await candidates.JudgeAllowedAsync(admitted));

    private ValueTask<bool> RecordAllowedAsync(AdmittedCall admitted, CandidateVerdict? candidate)
    {
        var call = admitted.Call;
        var approval = admitted.SingleUse?.Used;
        var record = new DecisionRecord
        {
            Rule = admitted.Decision.Rule,
            Permit = admitted.Permit,
            ApprovalId = approval?.Id,
            StandingApprovalId = approval?.StandingId,
            ApprovedBy = approval?.By,
            ShadowRefusal = admitted.ShadowRefusal,
            ShadowPermit = admitted.Shadow,
            IsRetry = admitted.FreeRetries > 0,
            Candidate = candidate,
        };
        Keep(call);
        // A program may have to be started first, and that takes its thread a while.
        return audit.RecordAsync(AuditEncoder.Decision(call, record), neverBlocks: call.Server.Command is null);
    }

    /// <summary>Counts, records and logs a refusal.</summary>
    /// <param name="call">The call.</param>
    /// <param name="refusal">The reason.</param>
    /// <param name="isFreeRetry">Whether a retry token had freed the call from its costs.</param>
    /// <returns>The refusal; trouble of the gateway's own is named by what is behind it.</returns>
    public async ValueTask<Refusal> RefusedAsync(CallContext call, Refusal refusal, bool isFreeRetry)
    {
        refusal = Named(refusal);
        metrics.Decided(call, refusal.Rule, refusal.Outcome);
        // Denied either way, so an audit log that cannot be written changes nothing for the agent. It has counted this
        // call as one that is missing on record already where that is the reason.
        if (refusal.Cause != Trouble.Audit && !folds.Takes(call, refusal))
        {
            var record = new DecisionRecord
            {
                Rule = refusal.Rule,
                Refusal = refusal,
                Candidate = isFreeRetry ? null : await candidates.JudgeRefusedAsync(call, refusal),
            };
            Keep(call);
            await audit.RecordAsync(AuditEncoder.Decision(call, record), neverBlocks: true);
        }

        watch.Refused(call, refusal);
        return refusal;
    }

    /// <summary>Keeps the values that the policy wants kept, for replay.</summary>
    private void Keep(CallContext call)
    {
        if (call.Binding.Policy.Recording is { } recording && call.Message.Method == McpMethods.ToolsCall
            && recording.Keep(call.Message.Arguments) is { } values)
            arguments.Post(call.Id.Bits, call.NowMs, values);
    }

    /// <summary>Trouble of the gateway's own is told to its operator once.</summary>
    private Refusal Named(Refusal refusal)
    {
        if (refusal.Cause is not { } cause)
            return refusal;
        var named = refusal.For(troubles.CauseOf(cause));
        troubles.Refused(named.Cause!.Value, audit.Fault is { } unwritten && cause == Trouble.Audit
            ? $"the audit log cannot be written: {unwritten}"
            : named.Reason);
        return named;
    }
}
