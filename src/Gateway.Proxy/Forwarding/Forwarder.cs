using Gateway.Limits;
using Gateway.Mcp;
using Gateway.Proxy.Audit;
using Gateway.Proxy.Edge;
using Gateway.Proxy.Health;
using Gateway.Proxy.Telemetry;
using Gateway.Proxy.Tickets;
using Gateway.Proxy.Watching;

namespace Gateway.Proxy.Forwarding;

/// <summary>Hands an admitted call to its server, once, passes the answer on, and settles what the call cost.</summary>
internal sealed class Forwarder(
    UpstreamPool upstreams, TicketBook tickets, AuditLog audit, GatewayMetrics metrics, UpstreamMetrics answers,
    ServerHealth health, Readiness readiness, MemoryBudget memory, ProcessClock clock)
{
    public async Task<ForwardEnd> ForwardAsync(GatewayCall call, Admission admission)
    {
        var request = Request(call, admission.Permit);
        using var life = new CallLife(call, request);
        UpstreamAnswer answer;
        var began = answers.Begin();
        try
        {
            answer = await upstreams.Get(call.Server).SendAsync(request, life.Token);
            answers.Began(call.Server.Name, began);
            health.Answered(call.Server.Name);
        }
        catch (PermitExpiredException)
        {
            return ForwardEnd.PermitExpired;
        }
        catch (UpstreamException e)
        {
            metrics.Decided(call, call.Rule, null);
            answers.WasUnreachable(call.Server.Name);
            // A bound of this gateway's says nothing of the server.
            if (e.Failure is not (UpstreamFailure.AtBound or UpstreamFailure.NoMemory))
                health.Failed(call.Server.Name, e.Message);
            await SettleUnansweredAsync(call, admission, request.WasWritten, $"upstream {e.Failure}");
            await UnreachableAsync(call, e);
            return ForwardEnd.Answered;
        }
        catch (OperationCanceledException)
        {
            metrics.Decided(call, call.Rule, null);
            answers.WasAbandoned(call.Server.Name);
            var ended = call.Binding.Ended.IsCancellationRequested;
            await SettleUnansweredAsync(call, admission, request.WasWritten, ended ? "grant ended" : "client gone");
            if (ended)
                call.Http.Abort();
            return ForwardEnd.Answered;
        }

        await PassOnAsync(call, admission, life, answer);
        return ForwardEnd.Answered;
    }

    private UpstreamRequest Request(GatewayCall call, Permit permit) => new()
    {
        Method = HttpMethod.Post,
        Body = call.Message.Body,
        ClientHeaders = call.Http.Request.Headers,
        CallId = call.IdText,
        SessionId = call.Session.Session?.UpstreamId,
        TraceParent = call.Span?.Id,
        Message = call.Message,
        Era = call.Era,
        Caller = call.Grant.Name,
        Memory = call.Grant.State.Memory,
        CallerEnded = call.Binding.Ended,
        BeforeFirstByte = async cancellationToken =>
        {
            await new PermitGate(permit, clock).PassAsync(cancellationToken);
            metrics.Decided(call, call.Rule, null);
        },
    };

    private async Task PassOnAsync(
        GatewayCall call, Admission admission, CallLife life, UpstreamAnswer answer)
    {
        string? refunded = null;
        var mayRetry = call.Era == McpEra.Stateless && admission.MayRetry;
        var plan = new RelayPlan
        {
            ServerName = call.Server.Name,
            RequestId = call.Message.Id,
            Judge = McpMethods.IsList(call.Message.Method) ? new PolicyListJudge(call.Binding.Policy) : null,
            // What was read is not encoded any more, as events cannot be.
            InspectsErrors = admission.HasRefundable || call.IsStreaming || mayRetry,
            SealSession = call.Session.ToClient,
            EndsWithClient = call.Era == McpEra.Stateless,
            OnAbandoned = life.Abandon,
            Memory = memory,
            Share = call.Grant.State.Memory,
            BeforeEnd = admission.HasRefundable ? RefundAsync : null,
            BeforeRetry = mayRetry ? state => tickets.IssueAsync(call, state, admission.FreeRetries) : null,
        };
        var isStream = call.Message.Method == McpMethods.SubscriptionsListen;
        using var drain = isStream
            ? CancellationTokenSource.CreateLinkedTokenSource(call.Binding.Ended, readiness.Draining)
            : null;
        var stopping = drain?.Token ?? call.Binding.Ended;
        var outcome = await AnswerRelay.CopyAsync(answer, call.Http, plan, stopping);
        admission.Complete();
        answers.Ended(call.Server.Name, outcome);
        await audit.PostAsync(AuditLine.Outcome(
            call, clock.NowMs(), Ended(outcome), outcome.Status, outcome.Bytes, refunded ?? admission.Counted));

        async ValueTask RefundAsync(bool isError)
        {
            // A redirect is not followed and becomes a 502 here, but it is no error of the server's.
            if (!isError || answer.StatusCode is >= 300 and < 400)
            {
                admission.Complete();
                return;
            }

            refunded = await admission.RefundAsync(clock.NowMs());
        }
    }

    private async ValueTask SettleUnansweredAsync(
        GatewayCall call, Admission admission, bool wasWritten, string ended)
    {
        // A byte may have reached the server: the call may have happened, and is counted whatever the policy says.
        if (wasWritten)
            admission.Complete();
        else
            await admission.GiveBackAsync();
        await audit.PostAsync(AuditLine.Outcome(
            call, clock.NowMs(), ended, 0, 0, wasWritten ? admission.Counted : "released"));
    }

    private static Task UnreachableAsync(GatewayCall call, UpstreamException e)
    {
        var counted = e.WasWritten
            ? "The call may have happened; look before you repeat it."
            : "The call did not reach it and was not counted; try again.";
        var text = $"The server {call.Server.Name} gave no answer: {e.Message} {counted}";
        var status = Unanswered.StatusOf(call.Http, e);
        return call.Message.Kind == McpMessageKind.Request
            ? PlainAnswer.FaultAsync(call.Http, new McpFault(
                status, McpErrorCodes.InternalError, text, call.Message.Id))
            : PlainAnswer.TextAsync(call.Http, status, text);
    }

    private static string Ended(in RelayOutcome outcome) => outcome.End switch
    {
        RelayEnd.Completed => outcome.IsError ? "error" : "completed",
        RelayEnd.ClientGone => "client gone",
        RelayEnd.UpstreamBroken => "upstream broken",
        RelayEnd.Refused => "answer refused",
        RelayEnd.NoMemory => "no memory for the answer",
        _ => "stopped",
    };
}
