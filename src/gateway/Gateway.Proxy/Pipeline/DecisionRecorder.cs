using Gateway.Audit.Arguments;
using Gateway.Audit.Records;
using Gateway.Audit.Writing;
using Gateway.Control.Health;
using Gateway.Limits.Model;
using Gateway.Mcp.Protocol;
using Gateway.Policy.Decisions;
using Gateway.Proxy.Calls;
using Gateway.Proxy.Candidates;
using Gateway.Proxy.Telemetry;

namespace Gateway.Proxy.Pipeline;

/// <summary>The recorder of each decision before it takes effect.</summary>
internal sealed class DecisionRecorder(
    AuditLog audit, ArgumentRecorder arguments, RefusalFold folds, Troubles troubles, GatewayMetrics metrics,
    RefusalWatch watch, CandidateEvaluator candidates)
{
    /// <summary>Records an admitted call; returns false if that failed and the call must be denied.</summary>
    public ValueTask<bool> AllowedAsync(AdmittedCall admitted) => admitted.Call.Binding.Candidate is null
        ? RecordAllowedAsync(admitted, candidate: null)
        : EvaluateAllowedAsync(admitted);

    /// <summary>Counts the recorded decision on an admitted call.</summary>
    public void Allowed(AdmittedCall admitted)
    {
        metrics.Charged(admitted.Call, admitted.Permit, refusal: null);
        metrics.Recorded(admitted.Call, refusal: null);
    }

    private async ValueTask<bool> EvaluateAllowedAsync(AdmittedCall admitted) =>
        await RecordAllowedAsync(admitted, await candidates.EvaluateAllowedAsync(admitted));

    private ValueTask<bool> RecordAllowedAsync(AdmittedCall admitted, CandidateDecision? candidate)
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
            RecordedArguments = Keep(call),
        };
        // Starting a server's program blocks the thread, so the continuation must not run on the writer's thread.
        return audit.RecordAsync(AuditEncoder.Decision(call, record), neverBlocks: call.Server.Command is null);
    }

    /// <summary>Counts, records and logs a refusal.</summary>
    /// <param name="call">The call.</param>
    /// <param name="refusal">The reason.</param>
    /// <param name="isFreeRetry">True if a retry token had exempted the call from its costs.</param>
    /// <returns>The refusal; a fault of the gateway's own carries its cause.</returns>
    public async ValueTask<Refusal> RefusedAsync(CallContext call, Refusal refusal, bool isFreeRetry)
    {
        refusal = Named(refusal);
        metrics.Decided(call, refusal.Rule, refusal.Outcome);
        metrics.Charged(call, Permit.None, refusal);
        metrics.Recorded(call, refusal.Outcome);
        // The call is denied either way, so an unwritable audit log changes nothing for the agent. If that is the
        // reason for the refusal, the log has already counted this call as missing from the record.
        if (refusal.Cause != Trouble.Audit && !folds.Takes(call, refusal))
        {
            var record = new DecisionRecord
            {
                Rule = refusal.Rule,
                Refusal = refusal,
                Candidate = isFreeRetry ? null : await candidates.EvaluateRefusedAsync(call, refusal),
                RecordedArguments = Keep(call),
            };
            await audit.RecordAsync(AuditEncoder.Decision(call, record), neverBlocks: true);
        }

        watch.Refused(call, refusal);
        return refusal;
    }

    /// <summary>Stores and returns the values that the policy records for replay; empty for none.</summary>
    private ReadOnlyMemory<byte> Keep(CallContext call)
    {
        if (call.Binding.Policy.Recording is not { } recording || call.Message.Method != McpMethods.ToolsCall
            || recording.Keep(call.Message.Arguments) is not { } values)
        {
            return default;
        }

        arguments.Post(call.Id.Bits, call.NowMs, values);
        return values;
    }

    /// <summary>Names the cause of a fault of the gateway's own and reports it to the operator once.</summary>
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
