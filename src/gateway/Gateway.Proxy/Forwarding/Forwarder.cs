using Gateway.Audit.Records;
using Gateway.Audit.Writing;
using Gateway.Control.Health;
using Gateway.Control.Memory;
using Gateway.Identity.Listeners;
using Gateway.Limits.Model;
using Gateway.Mcp;
using Gateway.Proxy.Calls;
using Gateway.Proxy.RetryTokens;
using Gateway.Proxy.Telemetry;
using Gateway.Upstreams;
using Gateway.Upstreams.Pool;
using Gateway.Upstreams.Relay;

namespace Gateway.Proxy.Forwarding;

/// <summary>Hands an admitted call to its server, once, passes the answer on, and settles what the call cost.</summary>
public sealed class Forwarder(
    UpstreamPool upstreams, RetryTokenStore tickets, AuditLog audit, GatewayMetrics metrics, UpstreamMetrics answers,
    ServerHealth health, Readiness readiness, MemoryBudget memory, ProcessClock clock)
{
    public async Task<ForwardEnd> ForwardAsync(CallContext call, AcquiredPermits permits)
    {
        var request = Request(call, permits.Permit);
        using var life = new CallLife(call, request);
        UpstreamResponse answer;
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
            await SettleUnansweredAsync(call, permits, request.WasWritten, $"upstream {e.Failure}");
            await UnreachableAsync(call, e);
            return ForwardEnd.Answered;
        }
        catch (OperationCanceledException)
        {
            metrics.Decided(call, call.Rule, null);
            answers.WasAbandoned(call.Server.Name);
            var ended = call.Binding.Ended.IsCancellationRequested;
            await SettleUnansweredAsync(call, permits, request.WasWritten, ended ? "grant ended" : "client gone");
            if (ended)
                call.Http.Abort();
            return ForwardEnd.Answered;
        }

        await PassOnAsync(call, permits, life, answer);
        return ForwardEnd.Answered;
    }

    private UpstreamRequest Request(CallContext call, Permit permit) => new()
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
            await new PermitSpender(permit, clock).PassAsync(cancellationToken);
            metrics.Decided(call, call.Rule, null);
        },
    };

    private async Task PassOnAsync(
        CallContext call, AcquiredPermits permits, CallLife life, UpstreamResponse answer)
    {
        string? refunded = null;
        var mayRetry = call.Era == McpRevision.Stateless && permits.MayRetry;
        var plan = new RelayPlan
        {
            ServerName = call.Server.Name,
            RequestId = call.Message.Id,
            Judge = McpMethods.IsList(call.Message.Method) ? new PolicyListFilter(call.Binding.Policy) : null,
            // What was read is not encoded any more, as events cannot be.
            InspectsErrors = permits.HasRefundable || call.IsStreaming || mayRetry,
            SealSession = call.Session.ToClient,
            EndsWithClient = call.Era == McpRevision.Stateless,
            OnAbandoned = life.Abandon,
            Memory = memory,
            Share = call.Grant.State.Memory,
            BeforeEnd = permits.HasRefundable ? RefundAsync : null,
            BeforeRetry = mayRetry ? state => tickets.IssueAsync(call, state, permits.FreeRetries) : null,
        };
        var isStream = call.Message.Method == McpMethods.SubscriptionsListen;
        using var drain = isStream
            ? CancellationTokenSource.CreateLinkedTokenSource(call.Binding.Ended, readiness.Draining)
            : null;
        var stopping = drain?.Token ?? call.Binding.Ended;
        var outcome = await ResponseRelay.CopyAsync(answer, call.Http, plan, stopping);
        permits.Complete();
        answers.Ended(call.Server.Name, outcome);
        await audit.PostAsync(AuditEncoder.Outcome(
            call, clock.NowMs(), Ended(outcome), outcome.Status, outcome.Bytes, refunded ?? permits.Counted));

        async ValueTask RefundAsync(bool isError)
        {
            // A redirect is not followed and becomes a 502 here, but it is no error of the server's.
            if (!isError || answer.StatusCode is >= 300 and < 400)
            {
                permits.Complete();
                return;
            }

            refunded = await permits.RefundAsync(clock.NowMs());
        }
    }

    private async ValueTask SettleUnansweredAsync(
        CallContext call, AcquiredPermits permits, bool wasWritten, string ended)
    {
        // A byte may have reached the server: the call may have happened, and is counted whatever the policy says.
        if (wasWritten)
            permits.Complete();
        else
            await permits.GiveBackAsync();
        await audit.PostAsync(AuditEncoder.Outcome(
            call, clock.NowMs(), ended, 0, 0, wasWritten ? permits.Counted : "released"));
    }

    private static Task UnreachableAsync(CallContext call, UpstreamException e)
    {
        var counted = e.WasWritten
            ? "The call may have happened; look before you repeat it."
            : "The call did not reach it and was not counted; try again.";
        var text = $"The server {call.Server.Name} gave no answer: {e.Message} {counted}";
        var status = Unanswered.StatusOf(call.Http, e);
        return call.Message.Kind == McpMessageKind.Request
            ? PlainResponse.FaultAsync(call.Http, new McpFault(
                status, McpErrorCodes.InternalError, text, call.Message.Id))
            : PlainResponse.TextAsync(call.Http, status, text);
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
