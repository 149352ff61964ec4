using Gateway.Mcp.Headers;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Upstreams.Relay;

/// <summary>The relay of a server's response to the client as it arrives, unchanged except for lists.</summary>
public static class ResponseRelay
{
    /// <summary>The maximum length of an event or JSON response that is buffered for evaluation: 16 MiB.</summary>
    public const int EvaluatedBytesMax = 16 * 1024 * 1024;

    /// <summary>Copies status, headers and body, and returns the outcome. Disposes the response.</summary>
    /// <param name="answer">The server's response.</param>
    /// <param name="context">The client's request; its response must not have begun.</param>
    /// <param name="plan">The required inspections and changes.</param>
    /// <param name="stopping">Ends the response from the gateway's side: shutdown, or a revoked grant.</param>
    public static async Task<RelayOutcome> CopyAsync(
        UpstreamResponse answer, HttpContext context, RelayPlan plan, CancellationToken stopping)
    {
        using (answer)
        {
            using var life = new RelayLife(plan, context.RequestAborted, stopping);
            var state = new RelayState(answer, context, plan, life);
            try
            {
                return await CopyAsync(state);
            }
            catch (OperationCanceledException) when (life.Token.IsCancellationRequested)
            {
                if (!stopping.IsCancellationRequested)
                {
                    return plan.Timeout is { Elapsed.IsCancellationRequested: true } timeout
                        && !context.RequestAborted.IsCancellationRequested
                            ? await state.TimeOutAsync(timeout)
                            : state.ClientGone();
                }

                return await StopAsync(state);
            }
            finally
            {
                state.Release();
            }
        }
    }

    private static async ValueTask<RelayOutcome> StopAsync(RelayState state)
    {
        if (state.Context.Response.HasStarted)
            state.Context.Abort();
        else
        {
            await BadGateway.WriteAsync(state.Context.Response, state.Plan,
                "The gateway ended this call before its response: the grant ended, the call's place among those in "
                    + $"flight was lost, or the gateway is closing. {MissingResponse.MayBeExecuted}");
        }

        return state.Outcome(RelayEnd.Stopped, "the gateway ended the response");
    }

    private static async ValueTask<RelayOutcome> CopyAsync(RelayState state)
    {
        if (ReasonToRefuse(state) is { } reason)
        {
            await state.ReportEndAsync(isError: true);
            return await state.FailAsync(RelayEnd.Refused, reason);
        }

        WriteHead(state);
        if (state.IsError)
            await state.ReportEndAsync(isError: true);

        var isEvents = state.Answer.MediaType == MediaTypes.EventStream;
        if (state.IsError && !isEvents && await ErrorCopier.TryRunAsync(state) is { } page)
            return page;
        if (state.Plan.Results is { } results && (isEvents || results.EvaluatesResponses))
            return await ResultCopier.RunAsync(state, results, isEvents);
        var mayReplace = state.Answer.StatusCode == 404 && state.Plan.ListFilter is { WithoutMethod.IsEmpty: false }
            && state.Answer.MediaType == MediaTypes.Json;
        // Events of the gateway are placed between the server's, so the server's events must be parsed.
        var isRead = mayReplace || !state.IsError
            && (state.IsInspected || state.Plan.ExpectsResponse || state.Plan.Handshake is not null
                || state.Plan.Rewriter is not null || (isEvents && state.Plan.Notices is not null));
        if (!isRead)
            return await RawCopier.RunAsync(state, isEvents);
        if (!BodyDecoder.TryOpen(state.Answer, out var body))
        {
            // The client may know the encoding, and no evaluation is required.
            return state.IsInspected || state.Plan.Handshake is not null
                ? await state.FailAsync(RelayEnd.Refused, $"{state.Server} responded in an unknown encoding.")
                : await RawCopier.RunAsync(state, isEvents);
        }

        return isEvents ? await SseCopier.RunAsync(state, body) : await JsonCopier.RunAsync(state, body);
    }

    // A challenge or a redirect is for the holder of the server's credential, which is the gateway. The client would
    // respond to it with its grant's token, at another address.
    private static string? ReasonToRefuse(RelayState state)
    {
        var (server, status) = (state.Server, state.Answer.StatusCode);
        return status switch
        {
            401 or 407 => $"{server} refused (HTTP {status}) "
                + (state.Answer.Refused
                    ?? "the gateway's credential for it. The gateway's operator must set the credential again."),
            403 when state.Answer.Refused is { } refused => $"{server} refused (HTTP {status}) {refused}",
            >= 300 and < 400 => $"{server} responded with a redirect (HTTP {status}), "
                + "which is not followed. Register the server by its final URL.",
            < 200 => $"{server} responded with HTTP {status}, which completes no request.",
            _ => null,
        };
    }

    private static void WriteHead(RelayState state)
    {
        var response = state.Context.Response;
        response.StatusCode = state.Answer.StatusCode;
        AnswerHeaderMap.Copy(state.Answer.Response, response.Headers);
        state.WriteSession();
    }
}

/// <summary>The outcome of relaying a response.</summary>
/// <param name="Status">The HTTP status of the server's response.</param>
/// <param name="IsError">
/// True for any status ≥ 400, and for a JSON-RPC error or <c>isError</c> if <see cref="RelayPlan.InspectsErrors"/> was
/// set.
/// </param>
/// <param name="Bytes">The number of bytes of the body that were relayed.</param>
/// <param name="End">The kind of end.</param>
/// <param name="Reason">The reason for an incomplete response, for the record; null if it was completed.</param>
/// <param name="IsAnswered">
/// True if the server is done with the call, as far as known: it responded, or ended a stream that nobody resumes.
/// </param>
public readonly record struct RelayOutcome(
    int Status, bool IsError, long Bytes, RelayEnd End, string? Reason = null, bool IsAnswered = false)
{
    /// <summary>The time that the server requested before the client resumes the stream.</summary>
    public TimeSpan Retry { get; init; }
}
