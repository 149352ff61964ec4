using Gateway.Control.Health;
using Gateway.Control.Snapshots;
using Gateway.Limits.Model;
using Gateway.Mcp;
using Gateway.Mcp.Headers;
using Gateway.Mcp.Protocol;
using Gateway.Mcp.Reading;
using Gateway.Mcp.Writing;
using Gateway.Proxy.Calls;
using Gateway.Proxy.Edge.Listeners;
using Gateway.Proxy.Forwarding;
using Gateway.Proxy.Refusals;
using Gateway.Proxy.Telemetry;
using Gateway.Proxy.Upstreams;
using Gateway.Proxy.Upstreams.Credentials;
using Gateway.Proxy.Upstreams.Pool;
using Gateway.Proxy.Upstreams.Relay;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Pipeline.Stages;

/// <summary>
/// The stage that finishes a call: it commits, releases or refunds the permits, records the end, and responds to the
/// agent if no server did.
/// </summary>
internal sealed class FinishStage(
    UpstreamMetrics answers, ServerHealth health, UpstreamPool upstreams,
    OpenResumes resumes, OutcomeRecorder outcomes, TimeProvider time) : IStage<RelayedCall, AdmittedCall>
{
    /// <summary>The time in which a server must accept the end of a session or a cancellation.</summary>
    private static readonly TimeSpan EndWithin = TimeSpan.FromSeconds(5);

    public async ValueTask<StageResult<AdmittedCall>> RunAsync(RelayedCall input)
    {
        var (forwarded, outcome) = (input.Forwarded, input.Outcome);
        var (admitted, call) = (forwarded.Admitted, forwarded.Admitted.Call);
        call.IsEndedByGateway = forwarded.Missing == MissingAnswer.GrantEnded || outcome.End == RelayEnd.Stopped;
        if (forwarded.Missing is { } missing)
            await CommitUnansweredAsync(forwarded, missing);
        else
        {
            // The upstream may respond without sending, for example because the call has no session.
            if (forwarded.Life.WasWritten)
                admitted.Complete();
            else
                await admitted.GiveBackAsync();
            await EndPlacesAsync(call, outcome.IsAnswered);
            if (outcome.End == RelayEnd.TimedOut)
                CancelAtServer(call);
            answers.RecordResults(call.Server.Name, input.Results);
            if (outcome.End != RelayEnd.Resumable)
                await EndAnsweredAsync(input);
            else if (!resumes.TryKeep(admitted, outcome))
                await EndAnsweredAsync(input with { Outcome = outcome with { End = RelayEnd.NoResponse } });
        }

        call.EndLife();
        return StageEnd.Finished;
    }

    private async ValueTask EndAnsweredAsync(RelayedCall relayed)
    {
        var (admitted, outcome) = (relayed.Forwarded.Admitted, relayed.Outcome);
        var call = admitted.Call;
        var evidence = call.Message.Method switch
        {
            McpMethods.ToolsCall => ServerEvidence.Response,
            McpMethods.Initialize => ServerEvidence.Handshake,
            _ => ServerEvidence.Head,
        };
        if (FaultOf(outcome, evidence, call.Server) is { } fault)
            health.Failed(call.Server, fault, evidence, lacksCredential: outcome.Status == 401);
        else if (relayed.Handshake is { Refused: not null } handshake)
        {
            health.Failed(call.Server, handshake.Fault, ServerEvidence.Handshake);
            await EndSessionAsync(call, relayed.Forwarded.Answer?.SessionId, handshake);
        }
        else if (outcome.End is RelayEnd.Completed or RelayEnd.Denied && evidence > ServerEvidence.Head)
            health.Answered(call.Server, evidence);
        if (admitted.Later is { } later)
            later.RecordBy(outcomes.Later(EndedCall.Of(call), outcome, relayed.Results));
        else
            await outcomes.EndedAsync(call, outcome, admitted.Counted, relayed.Results);
    }

    /// <summary>Returns the reason why a response is of no use to any agent; null if it may be of use.</summary>
    private static string? FaultOf(in RelayOutcome outcome, ServerEvidence evidence, ServerModel server) =>
        outcome switch
        {
            { End: RelayEnd.NoResponse } => outcome.Reason,
            _ when evidence == ServerEvidence.Head => null,
            // A caller's own credential says nothing about others.
            { End: RelayEnd.Refused, Status: 401 } when server.DependsOnCaller => null,
            // The relay explains a refused credential and a redirect.
            { End: RelayEnd.Refused, Status: 401 or 407 or (>= 300 and < 400) } => outcome.Reason,
            { End: RelayEnd.Completed, Status: >= 500 } => $"it returned HTTP {outcome.Status}.",
            _ => null,
        };

    /// <summary>Ends the session that the server began, and its program.</summary>
    private async ValueTask EndSessionAsync(CallContext call, string? session, Handshake handshake)
    {
        if (session is null)
            return;
        await TrySendAsync(upstreams.Get(call.Server), new UpstreamRequest
        {
            Method = HttpMethod.Delete,
            ClientHeaders = new HeaderDictionary { [McpHeaders.ProtocolVersion] = handshake.Refused },
            CallId = CallId.New().ToString(),
            SessionId = session,
            Caller = call.Grant.CallerKey,
            Grant = call.Grant,
            SubjectToken = call.Http.Features.Get<SubjectToken>(),
            Memory = call.Grant.State.Memory,
        });
    }

    private async ValueTask CommitUnansweredAsync(ForwardedCall forwarded, MissingAnswer missing)
    {
        var (admitted, call) = (forwarded.Admitted, forwarded.Admitted.Call);
        // A byte may have reached the server: the call may have happened, so it counts regardless of the policy.
        var wasWritten = forwarded.Life.WasWritten;
        await EndPlacesAsync(call, isOver: !wasWritten || missing.Failure is not null);
        if (wasWritten)
            admitted.Complete();
        else
            await admitted.GiveBackAsync();
        await outcomes.EndedAsync(call, missing.Ended, 0, 0, wasWritten ? admitted.Counted : "released");
        if (missing.Failure is { } failure)
            await UnreachableAsync(call, failure);
        else if (missing == MissingAnswer.TimedOut && forwarded.Life.Timeout is { } timeout)
        {
            await PlainResponse.JsonAsync(call.Http, StatusCodes.Status200OK, timeout.Response(call, wasWritten));
            if (wasWritten)
                CancelAtServer(call);
        }
        else if (missing == MissingAnswer.GrantEnded)
            // Not 401: a client would get a new token and repeat a call that may have been executed.
            await AnswerAsync(call, StatusCodes.Status403Forbidden,
                "The grant was revoked, paused or expired during this call. "
                + (wasWritten ? MissingResponse.MayBeExecuted : "It did not reach the server and was not counted."));
        else if (missing == MissingAnswer.PlaceLost)
            await AnswerAsync(call, StatusCodes.Status502BadGateway,
                "The gateway could not keep this call's place among the calls in flight, and ended it. "
                + Counted(wasWritten));
    }

    /// <summary>
    /// Notifies the server of a session that the call is canceled (MCP, Cancellation). From 2026-07-28 on, the closed
    /// connection indicates that.
    /// </summary>
    private void CancelAtServer(CallContext call)
    {
        if (call.Revision != McpRevision.Legacy || call.Session.Session is not { } session
            || call.Message.Method == McpMethods.Initialize)
        {
            return;
        }

        var scratch = JsonScratch.Take();
        JsonRpcWriter.BeginMessage(scratch.Json, McpMethods.Cancelled);
        scratch.Json.WritePropertyName("requestId"u8);
        scratch.Json.WriteRawValue(call.Message.Id.Span, skipInputValidation: true);
        scratch.Json.WriteString("reason"u8, "timed out"u8);
        JsonRpcWriter.End(scratch.Json);
        var body = scratch.ToArray();
        // Copy the headers, because the client's request ends now.
        var headers = new HeaderDictionary();
        foreach (var (name, value) in call.Http.Request.Headers)
            headers[name] = value;
        _ = TrySendAsync(upstreams.Get(call.Server), new UpstreamRequest
        {
            Method = HttpMethod.Post,
            Body = body,
            ClientHeaders = headers,
            CallId = call.IdText,
            SessionId = session.UpstreamId,
            Message = McpReader.Read(body, McpReadBounds.Default).Message,
            Revision = call.Revision,
            Caller = call.Grant.CallerKey,
            Grant = call.Grant,
            SubjectToken = call.Http.Features.Get<SubjectToken>(),
            Memory = call.Grant.State.Memory,
            CallerEnded = call.Binding.Ended,
        });
    }

    private async Task TrySendAsync(IUpstream upstream, UpstreamRequest request)
    {
        using var limit = new CancellationTokenSource(EndWithin, time);
        try
        {
            (await upstream.SendAsync(request, limit.Token)).Dispose();
        }
        catch (Exception e) when (e is UpstreamException or OperationCanceledException)
        {
            // The call has ended regardless, and an idle session ends by itself.
        }
    }

    private static async ValueTask EndPlacesAsync(CallContext call, bool isOver)
    {
        if (isOver)
            await call.ReleasePlacesAsync();
        else
            call.KeepPlaces();
    }

    private static Task UnreachableAsync(CallContext call, UpstreamException e)
    {
        // A server that ended TLS because a certificate was missing has read nothing.
        var counted = e is { WasWritten: true, Failure: UpstreamFailure.Tls }
            ? "The server did not read the call, but the call was counted." : Counted(e.WasWritten);
        var text = $"The server {call.Server.Name} did not respond: {e.Message} {counted}";
        return AnswerAsync(call, Unanswered.StatusOf(call.Http, e), text);
    }

    private static string Counted(bool wasWritten) => wasWritten
        ? MissingResponse.MayBeExecuted
        : "The call did not reach the server and was not counted. Try again.";

    private static Task AnswerAsync(CallContext call, int status, string text) => call.IsOfSeveral
        ? ServerUnavailable.WriteAsync(call.Http, call.Message, call.Revision, call.ServerName, status, text)
        : call.Message.Kind == McpMessageKind.Request
            ? PlainResponse.FaultAsync(call.Http, new McpFault(
                status, McpErrorCodes.InternalError, text, call.Message.Id))
            : PlainResponse.TextAsync(call.Http, status, text);
}
