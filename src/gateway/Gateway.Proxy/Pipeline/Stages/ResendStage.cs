using Gateway.Limits.Model;
using Gateway.Proxy.Calls;
using Gateway.Proxy.Forwarding;
using Gateway.Proxy.Upstreams.Relay;

namespace Gateway.Proxy.Pipeline.Stages;

/// <summary>
/// The stage that sends a call once more if its server refused the access token and another one was issued. The second
/// delivery has a permit and a record of its own; if it gets none, the server's first response stands.
/// </summary>
internal sealed class ResendStage(
    IStage<LimitAttempt, AdmittedCall> limits, IStage<AdmittedCall, AuditedCall> audit,
    IStage<AuditedCall, ForwardedCall> forward, OutcomeRecorder outcomes, ProcessClock clock)
    : IStage<ResendableCall, ForwardedCall>
{
    public async ValueTask<StageResult<ForwardedCall>> RunAsync(ResendableCall input)
    {
        var (forwarded, answer) = (input.Forwarded, input.Answer);
        var first = forwarded.Admitted;
        var call = first.Call;
        if (!await input.RenewToken(forwarded.Life.Token))
            return forwarded;
        // The second attempt gives the call another id, so the end of the first is recorded from a copy.
        var (firstId, ended) = (call.Id, EndedCall.Of(call) with { Message = call.Message });
        if (await TryAdmitAsync(first) is not { } audited)
        {
            call.ReturnTo(firstId);
            return forwarded;
        }

        answer.Dispose();
        call.EndLife();
        if (first.HasRefundable)
            await first.RefundAsync(clock.NowMs());
        first.Complete();
        await outcomes.EndedAsync(
            ended, new RelayOutcome(answer.StatusCode, IsError: true, 0, RelayEnd.Completed, IsAnswered: true),
            first.Counted);
        return await forward.RunAsync(audited);
    }

    /// <summary>
    /// Admits and records the second delivery; returns null, with its permit released, if that failed.
    /// </summary>
    private async ValueTask<AuditedCall?> TryAdmitAsync(AdmittedCall first)
    {
        if (!(await limits.RunAsync(LimitAttempt.Resend(first))).TryGetOutput(out var second))
            return null;
        if ((await audit.RunAsync(second)).TryGetOutput(out var audited))
            return audited;
        await second.GiveBackAsync();
        return null;
    }
}
