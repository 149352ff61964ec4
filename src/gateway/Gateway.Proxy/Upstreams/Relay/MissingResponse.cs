using Gateway.Mcp;
using Gateway.Mcp.Events;
using Gateway.Mcp.Headers;
using Gateway.Mcp.Writing;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Upstreams.Relay;

/// <summary>
/// The end of a request whose response cannot arrive any more, or must not pass. The client at once receives an error
/// with its id, instead of waiting for its own timeout.
/// </summary>
internal static class MissingResponse
{
    /// <summary>The end of each text about a call that reached the server.</summary>
    public const string MayBeExecuted = "The call may have been executed; check before you repeat it.";

    /// <summary>Finds the response in a whole body, and notifies the caller that its end is about to pass.</summary>
    /// <returns>The outcome if the body must not pass; null if it may.</returns>
    public static async ValueTask<RelayOutcome?> CheckBodyAsync(RelayState state, ReadOnlyMemory<byte> body)
    {
        var (isResponse, isError) = ResponseInspector.At(body.Span, state.Plan.RequestId.Span);
        if (isResponse)
            state.HasResponse();
        if (state.LacksResponse)
            return await InBodyAsync(state, body);
        if (isResponse && !state.Agrees(body))
            return await UnsupportedAsync(state);
        await state.ReportEndAsync(isError, isResponse ? body : default);
        return null;
    }

    /// <summary>Responds to a body that ended without the response.</summary>
    /// <param name="state">The response, of which nothing has passed.</param>
    /// <param name="body">The beginning of the body.</param>
    public static ValueTask<RelayOutcome> InBodyAsync(RelayState state, ReadOnlyMemory<byte> body)
    {
        var (status, type) = (state.Answer.StatusCode, state.Answer.MediaType);
        var what = body.IsEmpty ? "without a body"
            : type != MediaTypes.Json ? $"with {(type.Length > 0 ? Printable.Of(type) : "a body without type")}"
            : "with a response to another request, or with none";
        return WriteAsync(
            state, $"returned HTTP {status} {what} instead of the response to this request",
            Excerpt.Of(state, body, " The server wrote: "));
    }

    /// <summary>Responds to a body that the server broke off.</summary>
    public static ValueTask<RelayOutcome> BrokenAsync(RelayState state) => state.LacksResponse
        ? WriteAsync(state, "broke off its response")
        : state.FailAsync(RelayEnd.UpstreamBroken, RawCopier.Broken(state));

    /// <summary>Ends an event stream that ended or broke off.</summary>
    public static async ValueTask<RelayOutcome> InEventsAsync(RelayState state, bool isBroken)
    {
        if (!state.LacksResponse)
        {
            return isBroken
                ? await state.FailAsync(RelayEnd.UpstreamBroken, RawCopier.Broken(state))
                : await state.CompleteAsync();
        }

        if (state.Plan.MayResume && state.Life.CarriesEventIds)
        {
            const string Why = "the event stream ended before the response, and may be resumed";
            if (isBroken)
                return await state.FailAsync(RelayEnd.Resumable, Why);
            var passed = await state.CompleteAsync();
            return passed.End == RelayEnd.Completed ? state.Outcome(RelayEnd.Resumable, Why) : passed;
        }

        return await WriteAsync(
            state, $"{(isBroken ? "broke off" : "ended")} its event stream before the response to this request");
    }

    /// <summary>Responds to a server that agreed on an unsupported protocol revision.</summary>
    public static async ValueTask<RelayOutcome> UnsupportedAsync(RelayState state)
    {
        // The session is ended, so the client must not learn its id.
        if (!state.Context.Response.HasStarted)
            state.Context.Response.Headers.Remove(McpHeaders.SessionId);
        var fault = state.Plan.Handshake!.Error(state.Server, state.Plan.RequestId);
        await WriteAsync(state, fault);
        return state.Outcome(RelayEnd.Refused, fault.Message);
    }

    private static async ValueTask<RelayOutcome> WriteAsync(RelayState state, string what, string excerpt = "")
    {
        await WriteAsync(state, new McpFault(
            StatusCodes.Status200OK, McpErrorCodes.InternalError, $"{state.Server} {what}. {MayBeExecuted}{excerpt}",
            state.Plan.RequestId));
        return state.Outcome(RelayEnd.NoResponse, $"it {what}.");
    }

    private static async ValueTask WriteAsync(RelayState state, McpFault fault)
    {
        var response = state.Context.Response;
        using var error = new PooledBuffer();
        JsonRpcWriter.WriteFault(error, fault);
        if (state.Plan.Handshake is { } handshake)
            handshake.IsOver = true;
        if (!response.HasStarted && state.Bytes == 0)
        {
            BadGateway.SetHead(response, fault.HttpStatus);
            response.ContentLength = error.Length;
            await state.WriteAsync(error.Written);
        }
        else
        {
            // An event that the server did not end is incomplete, and must not merge with this one.
            using var last = new PooledBuffer();
            System.Buffers.BuffersExtensions.Write(last, "\n\n"u8);
            SseRewriter.WriteNew(error.Written.Span, last);
            await state.WriteAsync(last.Written);
        }

        await state.FlushAsync();
    }
}
