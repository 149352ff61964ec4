using Gateway.Audit.Records;
using Gateway.Audit.Writing;
using Gateway.Identity.Listeners;
using Gateway.Limits.Model;
using Gateway.Mcp;
using Gateway.Proxy.Calls;
using Gateway.Proxy.Forwarding;
using Gateway.Proxy.Refusals;
using Gateway.Proxy.Telemetry;
using Gateway.Upstreams;
using Gateway.Upstreams.Relay;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Pipeline.Stages;

/// <summary>
/// Settles what the call cost, records how it ended, and tells the agent where no server answered it.
/// </summary>
internal sealed class FinishStage(AuditLog audit, UpstreamMetrics answers, ProcessClock clock) : ICallStage
{
    public StageNumber Number => StageNumber.Finish;

    public async ValueTask<StageResult> RunAsync(CallContext call)
    {
        var permits = call.Permits!;
        if (call.Missing is { } missing)
            await CommitUnansweredAsync(call, permits, missing);
        else
        {
            var outcome = call.Outcome;
            permits.Complete();
            await EndPlacesAsync(call, outcome.IsAnswered);
            answers.Ended(call.Server.Name, outcome);
            answers.Judged(call.Server.Name, call.Results);
            await audit.PostAsync(AuditEncoder.Outcome(
                call, clock.NowMs(), Ended(outcome), outcome.Status, outcome.Bytes, permits.Counted, call.Results));
        }

        call.EndLife();
        return StageResult.Done;
    }

    private async ValueTask CommitUnansweredAsync(CallContext call, AcquiredPermits permits, MissingAnswer missing)
    {
        // A byte may have reached the server: the call may have happened, and is counted whatever the policy says.
        var wasWritten = call.Life!.WasWritten;
        await EndPlacesAsync(call, isOver: !wasWritten || missing.Failure is not null);
        if (wasWritten)
            permits.Complete();
        else
            await permits.GiveBackAsync();
        await audit.PostAsync(AuditEncoder.Outcome(
            call, clock.NowMs(), missing.Ended, 0, 0, wasWritten ? permits.Counted : "released"));
        if (missing.Failure is { } failure)
            await UnreachableAsync(call, failure);
        else if (missing == MissingAnswer.GrantEnded)
            call.Http.Abort();
        else if (missing == MissingAnswer.PlaceLost)
            await AnswerAsync(call, StatusCodes.Status502BadGateway,
                "The gateway could not keep this call's place among the calls in flight, and ended it. "
                + Counted(wasWritten));
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
        var text = $"The server {call.Server.Name} gave no answer: {e.Message} {Counted(e.WasWritten)}";
        return AnswerAsync(call, Unanswered.StatusOf(call.Http, e), text);
    }

    private static string Counted(bool wasWritten) => wasWritten
        ? "The call may have happened; look before you repeat it."
        : "The call did not reach it and was not counted; try again.";

    private static Task AnswerAsync(CallContext call, int status, string text) => call.IsOfSeveral
        ? ServerUnavailable.WriteAsync(call.Http, call.Message, call.Era, call.ServerName, status, text)
        : call.Message.Kind == McpMessageKind.Request
            ? PlainResponse.FaultAsync(call.Http, new McpFault(
                status, McpErrorCodes.InternalError, text, call.Message.Id))
            : PlainResponse.TextAsync(call.Http, status, text);

    private static string Ended(in RelayOutcome outcome) => outcome.End switch
    {
        RelayEnd.Completed => outcome.IsError ? "error" : "completed",
        RelayEnd.ClientGone => "client gone",
        RelayEnd.UpstreamBroken => "upstream broken",
        RelayEnd.Denied => "answer denied",
        RelayEnd.Refused => "answer refused",
        RelayEnd.NoMemory => "no memory for the answer",
        _ => "stopped",
    };
}
