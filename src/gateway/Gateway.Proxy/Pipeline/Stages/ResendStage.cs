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
    : IStage<ForwardedCall, ForwardedCall>
{
    public async ValueTask<StageResult<ForwardedCall>> RunAsync(ForwardedCall input)
    {
        var (first, answer) = (input.Admitted, input.Answer!);
        var call = first.Call;
        if (!await answer.RenewToken!(input.Life.Token))
            return input;
        var firstId = call.Id;
        if (!(await limits.RunAsync(LimitAttempt.Resend(first))).TryGetOutput(out var second, out _))
        {
            call.Id = firstId;
            return input;
        }

        if (!(await audit.RunAsync(second)).TryGetOutput(out var audited, out _))
        {
            await second.GiveBackAsync();
            call.Id = firstId;
            return input;
        }

        answer.Dispose();
        call.EndLife();
        var secondId = call.Id;
        call.Id = firstId;
        if (first.HasRefundable)
            await first.RefundAsync(clock.NowMs());
        first.Complete();
        await outcomes.EndedAsync(
            call, new RelayOutcome(answer.StatusCode, IsError: true, 0, RelayEnd.Completed, IsAnswered: true),
            first.Counted);
        call.Id = secondId;
        return await forward.RunAsync(audited);
    }
}
