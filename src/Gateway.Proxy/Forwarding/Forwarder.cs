using Gateway.Limits;
using Gateway.Mcp;
using Gateway.Proxy.Audit;
using Gateway.Proxy.Edge;
using Gateway.Proxy.Telemetry;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Forwarding;

/// <summary>Hands an admitted call to its server, once, passes the answer on, and settles what the call cost.</summary>
internal sealed class Forwarder(
    UpstreamPool upstreams, ILimiter limiter, AuditLog audit, GatewayMetrics metrics, ProcessClock clock)
{
    public async Task<ForwardEnd> ForwardAsync(GatewayCall call, Permit permit)
    {
        var request = Request(call, permit);
        using var life = new CallLife(call, request);
        UpstreamAnswer answer;
        try
        {
            answer = await upstreams.Get(call.Server).SendAsync(request, life.Token);
        }
        catch (PermitExpiredException)
        {
            return ForwardEnd.PermitExpired;
        }
        catch (UpstreamException e)
        {
            metrics.Decided(call, call.Rule, null);
            await SettleUnansweredAsync(call, permit, request.WasWritten, $"upstream {e.Failure}");
            await UnreachableAsync(call, e);
            return ForwardEnd.Answered;
        }
        catch (OperationCanceledException)
        {
            metrics.Decided(call, call.Rule, null);
            var ended = call.Grant.State.Ended.IsCancellationRequested;
            await SettleUnansweredAsync(call, permit, request.WasWritten, ended ? "grant ended" : "client gone");
            if (ended)
                call.Http.Abort();
            return ForwardEnd.Answered;
        }

        await PassOnAsync(call, permit, answer);
        return ForwardEnd.Answered;
    }

    private UpstreamRequest Request(GatewayCall call, Permit permit) => new()
    {
        Method = HttpMethod.Post,
        Body = call.Message.Body,
        ClientHeaders = call.Http.Request.Headers,
        CallId = call.Id.ToString(),
        SessionId = call.Session.Session?.UpstreamId,
        TraceParent = call.Span?.Id,
        BeforeFirstByte = async cancellationToken =>
        {
            await new PermitGate(permit, clock).PassAsync(cancellationToken);
            metrics.Decided(call, call.Rule, null);
        },
    };

    private async Task PassOnAsync(GatewayCall call, Permit permit, UpstreamAnswer answer)
    {
        string? refunded = null;
        var plan = new RelayPlan
        {
            ServerName = call.Server.Name,
            RequestId = call.Message.Id,
            Judge = McpMethods.IsList(call.Message.Method) ? new PolicyListJudge(call.Binding.Policy) : null,
            InspectsErrors = HasRefundable(permit),
            SealSession = call.Session.ToClient,
            EndsWithClient = call.Era == McpEra.Stateless,
            BeforeEnd = HasRefundable(permit) ? RefundAsync : null,
        };
        var outcome = await AnswerRelay.CopyAsync(answer, call.Http, plan, call.Grant.State.Ended);
        permit.Complete();
        await audit.PostAsync(AuditLine.Outcome(
            call, clock.NowMs(), Ended(outcome), outcome.Status, outcome.Bytes, refunded ?? Counted(permit)));

        async ValueTask RefundAsync(bool isError)
        {
            // A redirect is not followed and becomes a 502 here, but it is no error of the server's.
            if (!isError || answer.StatusCode is >= 300 and < 400)
            {
                permit.Complete();
                return;
            }

            await limiter.RefundAsync(permit, CancellationToken.None);
            refunded = IsOver(permit, clock.NowMs()) ? "counted, since the window had ended" : "refunded";
        }
    }

    private async ValueTask SettleUnansweredAsync(GatewayCall call, Permit permit, bool wasWritten, string ended)
    {
        // A byte may have reached the server: the call may have happened, and is counted whatever the policy says.
        if (wasWritten)
            permit.Complete();
        else
            await limiter.ReleaseAsync(permit, CancellationToken.None);
        await audit.PostAsync(AuditLine.Outcome(
            call, clock.NowMs(), ended, 0, 0, wasWritten ? Counted(permit) : "released"));
    }

    private static Task UnreachableAsync(GatewayCall call, UpstreamException e)
    {
        var counted = e.WasWritten
            ? "The call may have happened; look before you repeat it."
            : "The call did not reach it and was not counted; try again.";
        var text = $"The server {call.Server.Name} gave no answer: {e.Message} {counted}";
        return call.Message.Kind == McpMessageKind.Request
            ? PlainAnswer.FaultAsync(call.Http, new McpFault(
                StatusCodes.Status502BadGateway, McpErrorCodes.InternalError, text, call.Message.Id))
            : PlainAnswer.TextAsync(call.Http, StatusCodes.Status502BadGateway, text);
    }

    private static bool HasRefundable(Permit permit)
    {
        foreach (var part in permit.Parts)
        {
            if (part.Refundable.CompareTo(Amount.Zero) > 0)
                return true;
        }

        return false;
    }

    private static bool IsOver(Permit permit, long nowMs)
    {
        foreach (var part in permit.Parts)
        {
            if (part.Refundable.CompareTo(Amount.Zero) > 0 && nowMs < part.WindowEndMs)
                return false;
        }

        return true;
    }

    private static string Counted(Permit permit) => permit.Parts.IsEmpty ? "nothing" : "counted";

    private static string Ended(in RelayOutcome outcome) => outcome.End switch
    {
        RelayEnd.Completed => outcome.IsError ? "error" : "completed",
        RelayEnd.ClientGone => "client gone",
        RelayEnd.UpstreamBroken => "upstream broken",
        RelayEnd.Refused => "answer refused",
        _ => "stopped",
    };
}
