using Gateway.Audit.Records;
using Gateway.Control.Health;
using Gateway.Limits.Model;
using Gateway.Mcp;
using Gateway.Proxy.Calls;
using Gateway.Proxy.Forwarding;
using Gateway.Proxy.OwnResources;
using Gateway.Proxy.Telemetry;
using Gateway.Proxy.Upstreams;
using Gateway.Proxy.Upstreams.Credentials;
using Gateway.Proxy.Upstreams.Pool;
using Gateway.Proxy.Upstreams.Relay;
using Gateway.Proxy.Waiting;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Pipeline.Stages;

/// <summary>
/// The stage that sends the call to its server once; its permit is spent immediately before the first byte.
/// </summary>
internal sealed class ForwardStage(
    UpstreamPool upstreams, OutcomeRecorder outcomes, GatewayMetrics metrics, ServerHealth health, ProcessClock clock,
    OwnAnswers own, StreamOptions options) : IStage<AuditedCall, ForwardedCall>
{
    public async ValueTask<StageResult<ForwardedCall>> RunAsync(AuditedCall input)
    {
        var admitted = input.Admitted;
        var call = admitted.Call;
        if (OwnAnswers.Answers(call))
            return await AnswerAsync(admitted);
        var request = Request(admitted);
        var life = new CallLife(
            admitted, request, CallTimeout.Start(call.Server, call.Message, clock.Timers), clock.Timers);
        call.Begin(life);
        var began = outcomes.Upstreams.Begin();
        call.Deadline.Remove();
        try
        {
            var answer = await WaitingResponse.WaitAsync(
                call, options, upstreams.Get(call.Server).SendAsync(request, life.Token), clock.Timers);
            outcomes.Upstreams.Began(call.Server.Name, began);
            if (!life.WasWritten)
                metrics.Decided(call, admitted.Decision.Rule, null);
            health.Answered(call.Server);
            return new ForwardedCall(life, answer, null);
        }
        catch (PermitExpiredException)
        {
            call.EndLife();
            // Nothing was written, so other calls or the next attempt get the numbers: every use of a number except its
            // last is recorded as released.
            await outcomes.EndedAsync(call, "permit expired", 0, 0, "released");
            return StageEnd.AgainFrom(admitted, Refusal.PermitExpired);
        }
        catch (UpstreamException e)
        {
            metrics.Decided(call, admitted.Decision.Rule, null);
            var isLost = call.Message.Kind == McpMessageKind.Request && e.LostResponse;
            if (isLost)
                outcomes.Upstreams.LostResponse(call.Server.Name);
            else
                outcomes.Upstreams.WasUnreachable(call.Server.Name);
            // A bound of this gateway, or what a caller lacks, indicates nothing about the server.
            if (e.Failure is not (UpstreamFailure.AtBound or UpstreamFailure.NoMemory)
                && !(call.Server.DependsOnCaller && e.Failure == UpstreamFailure.NoCredential))
            {
                health.Failed(
                    call.Server, e.Message, lacksCredential: e.Failure == UpstreamFailure.NoCredential);
            }

            return new ForwardedCall(life, null,
                new MissingAnswer(isLost ? OutcomeWords.NoResponse : $"upstream {e.Failure}", e));
        }
        catch (OperationCanceledException)
        {
            metrics.Decided(call, admitted.Decision.Rule, null);
            var missing = call.Binding.Ended.IsCancellationRequested ? MissingAnswer.GrantEnded
                : call.Open is { Lost.IsCancellationRequested: true } ? MissingAnswer.PlaceLost
                : life.Timeout is { Token.IsCancellationRequested: true } ? MissingAnswer.TimedOut
                : MissingAnswer.ClientGone;
            if (missing == MissingAnswer.TimedOut)
                outcomes.Upstreams.DidTimeOut(call.Server.Name);
            else
                outcomes.Upstreams.WasAbandoned(call.Server.Name);
            return new ForwardedCall(life, null, missing);
        }
    }

    /// <summary>Responds to messages that the gateway itself handles; they are sent to no server.</summary>
    private async ValueTask<StageEnd> AnswerAsync(AdmittedCall admitted)
    {
        var call = admitted.Call;
        metrics.Decided(call, admitted.Decision.Rule, null);
        var bytes = 0;
        if (call.Message.Kind == McpMessageKind.Request)
            bytes = await own.AnswerAsync(call, admitted.AttemptMs);
        else
            call.Http.Response.StatusCode = StatusCodes.Status202Accepted;
        admitted.Complete();
        await outcomes.EndedAsync(call, "completed", call.Http.Response.StatusCode, bytes, admitted.Counted);
        return StageEnd.Finished;
    }

    private UpstreamRequest Request(AdmittedCall admitted)
    {
        var call = admitted.Call;
        return new UpstreamRequest
        {
            Method = HttpMethod.Post,
            Body = call.Message.Body,
            ClientHeaders = call.Http.Request.Headers,
            CallId = call.IdText,
            SessionId = call.Session.Session?.UpstreamId,
            TraceParent = call.Span?.Id,
            Message = call.Message,
            Revision = call.Revision,
            Caller = call.Grant.CallerKey,
            Grant = call.Grant,
            SubjectToken = call.Http.Features.Get<SubjectToken>(),
            Memory = call.Grant.State.Memory,
            CallerEnded = call.Binding.Ended,
            BeforeFirstByte = async cancellationToken =>
            {
                if (call.Open is { IsHeld: false })
                    throw new PermitExpiredException();
                await new PermitSpender(admitted.Permit, clock).PassAsync(cancellationToken);
                metrics.Decided(call, admitted.Decision.Rule, null);
            },
        };
    }
}
