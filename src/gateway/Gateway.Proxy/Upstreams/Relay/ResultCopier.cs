using Gateway.Mcp.Events;
using Gateway.Mcp.Headers;
using Gateway.Mcp.Lists;
using Gateway.Mcp.Writing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Gateway.Proxy.Upstreams.Relay;

/// <summary>
/// The relay of a response that the policy evaluates: no byte passes before its whole message, and of an event only the
/// fields that a client needs.
/// </summary>
internal static class ResultCopier
{
    private const int ReadBytes = 16 * 1024;

    public static async ValueTask<RelayOutcome> RunAsync(RelayState state, IResultFilter filter, bool isEvents)
    {
        if (!BodyDecoder.TryOpen(state.Answer, out var body))
            return await state.FailAsync(RelayEnd.Refused, $"{state.Server} responded in an unknown encoding.");
        ClearHeaders(state.Context.Response, filter);
        return isEvents ? await EventsAsync(state, filter, body) : await BodyAsync(state, filter, body);
    }

    /// <summary>Removes the headers whose values the policy denies.</summary>
    public static void ClearHeaders(HttpResponse response, IResultFilter filter)
    {
        foreach (var (name, values) in response.Headers.ToList())
        {
            if (name != McpHeaders.SessionId && !IsClear(values, filter))
                response.Headers.Remove(name);
        }
    }

    private static bool IsClear(StringValues values, IResultFilter filter)
    {
        foreach (var value in values)
        {
            if (!filter.IsClear(System.Text.Encoding.UTF8.GetBytes(value ?? "")))
                return false;
        }

        return true;
    }

    private static async ValueTask<RelayOutcome> BodyAsync(RelayState state, IResultFilter filter, Stream body)
    {
        using var whole = new PooledBuffer();
        using var passed = new PooledBuffer();
        while (true)
        {
            if (!await state.HoldAsync(whole.BytesWith(ReadBytes)))
                return await state.NoMemoryAsync();
            var count = await state.ReadAsync(body, whole.GetMemory(ReadBytes));
            if (count < 0)
                return await MissingResponse.BrokenAsync(state);
            whole.Advance(count);
            if (whole.Length > filter.BytesMax)
            {
                return filter.Deny("", isTooLarge: true, passed)
                    ? await DenyBodyAsync(state, passed)
                    : await PassLongAsync(state, whole, body);
            }

            if (count == 0)
                return await FilterBodyAsync(state, filter, whole, passed);
        }
    }

    private static async ValueTask<RelayOutcome> FilterBodyAsync(
        RelayState state, IResultFilter filter, PooledBuffer whole, PooledBuffer passed)
    {
        if (whole.Length > 0)
        {
            if (!await state.HoldAsync(whole.BytesWith(0) + filter.BytesFor(whole.Written.Span)
                + state.RewritingBytes(whole.Written.Span)))
                return await state.NoMemoryAsync();
            var action = state.Answer.MediaType == MediaTypes.Json
                ? filter.Evaluate(whole.Written, passed, state.Life.Token)
                : filter.Deny("it is neither JSON nor a stream of events", isTooLarge: false, passed)
                    ? ResultAction.Denied : ResultAction.Pass;
            if (action == ResultAction.Denied)
                return await DenyBodyAsync(state, passed);
            // Only if every rule is in shadow mode.
            if (action == ResultAction.Pass && state.IsError && state.Answer.MediaType != MediaTypes.Json)
                return await ErrorCopier.WritePageAsync(state, whole.Written);
            if (action == ResultAction.Pass)
                return await PassBodyAsync(state, whole);
        }

        return await PassBodyAsync(state, passed);
    }

    private static async ValueTask<RelayOutcome> PassBodyAsync(RelayState state, PooledBuffer passed) =>
        await MissingResponse.CheckBodyAsync(state, passed.Written) ?? await state.PassBodyAsync(passed.Written);

    // Every rule is in shadow mode, so nothing may be withheld.
    private static async ValueTask<RelayOutcome> PassLongAsync(RelayState state, PooledBuffer begun, Stream body)
    {
        if (!await state.WriteAsync(begun.Written) || !await state.FlushAsync())
            return state.ClientGone();
        begun.Dispose();
        state.Release();
        return await RawCopier.RestAsync(state, body, isEvents: false);
    }

    // An error's status is kept, because a client may need it; the rest of the response does not pass.
    private static async ValueTask<RelayOutcome> DenyBodyAsync(RelayState state, PooledBuffer denial)
    {
        await state.ReportEndAsync(isError: false);
        var response = state.Context.Response;
        if (response.StatusCode < StatusCodes.Status400BadRequest)
            response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = MediaTypes.Json;
        response.ContentLength = denial.Length;
        return await state.WriteAsync(denial.Written) && await state.FlushAsync()
            ? state.Denied()
            : state.ClientGone();
    }

    private static async ValueTask<RelayOutcome> EventsAsync(RelayState state, IResultFilter filter, Stream body)
    {
        if (!await state.FlushAsync())
            return state.ClientGone();
        using var assembler = new SseAssembler(filter.BytesMax);
        using var passed = new PooledBuffer();
        while (true)
        {
            assembler.Rest();
            passed.Rest();
            if (!await state.WaitAsync(body))
                return await MissingResponse.InEventsAsync(state, isBroken: true);
            if (!await state.HoldAsync(assembler.BytesWithRoom))
                return await state.NoMemoryAsync();
            if (!assembler.TryGetRoom(out var room))
                return await DenyLongEventAsync(state, filter, passed);
            var count = await state.ReadAsync(body, room);
            if (count < 0)
                return await MissingResponse.InEventsAsync(state, isBroken: true);
            assembler.Advance(count);
            while (count == 0 ? assembler.TryTakeRest(out var segment) : assembler.TryTake(out segment))
            {
                if (!await state.HoldAsync(assembler.BytesWithRoom + filter.BytesFor(segment.Data.Span)
                    + state.RewritingBytes(segment.Data.Span)))
                    return await state.NoMemoryAsync();
                passed.Clear();
                if (await EventAsync(state, filter, segment, passed) is { } ended)
                    return ended;
            }

            if (assembler.HasEventIds)
                state.Life.IsResumable();
            if (!await state.FlushAsync())
                return state.ClientGone();
            if (count == 0)
                return await MissingResponse.InEventsAsync(state, isBroken: false);
        }
    }

    private static async ValueTask<RelayOutcome?> EventAsync(
        RelayState state, IResultFilter filter, SseSegment segment, PooledBuffer passed)
    {
        var data = segment.Data;
        state.See(segment);
        if (data.IsEmpty)
        {
            await WriteEventAsync(state, filter, segment, data);
            return null;
        }

        var action = filter.Evaluate(data, passed, state.Life.Token);
        if (action == ResultAction.Denied && filter.EndsWithDenial)
            return await EndDeniedAsync(state, passed);
        if (action == ResultAction.Denied && passed.Length == 0)
            return null;
        if (action != ResultAction.Pass)
            data = passed.Written;
        using var listed = new PooledBuffer();
        if (state.Plan.ListFilter is { } listFilter)
        {
            var result = ListFilter.Apply(data.Span, listFilter, listed);
            if (result == ListFilterResult.Unreadable)
            {
                return await state.FailAsync(
                    RelayEnd.Refused, $"{state.Server} sent an event that is not JSON, so it cannot be evaluated.");
            }

            data = result == ListFilterResult.Changed ? listed.Written : data;
        }

        if (await state.ReportEventAsync(data) is { } refused)
            return await state.FailAsync(RelayEnd.Refused, refused);
        if (state.Plan.Handshake is { Refused: not null })
            return await MissingResponse.UnsupportedAsync(state);
        using var rewritten = new PooledBuffer();
        data = state.Rewritten(data, rewritten);
        if (!data.IsEmpty)
            await WriteEventAsync(state, filter, segment, data);
        return null;
    }

    private static async ValueTask WriteEventAsync(
        RelayState state, IResultFilter filter, SseSegment segment, ReadOnlyMemory<byte> data)
    {
        using var rewritten = new PooledBuffer();
        SseRewriter.WriteKnown(segment, data.Span, filter.IsClear, rewritten);
        await state.WriteAsync(rewritten.Written);
    }

    private static async ValueTask<RelayOutcome> DenyLongEventAsync(
        RelayState state, IResultFilter filter, PooledBuffer passed)
    {
        passed.Clear();
        var isDenied = filter.Deny("", isTooLarge: true, passed);
        return isDenied && filter.EndsWithDenial
            ? await EndDeniedAsync(state, passed)
            : await state.FailAsync(
                RelayEnd.Refused, $"{state.Server} sent an event of more than {filter.BytesMax} bytes.");
    }

    private static async ValueTask<RelayOutcome> EndDeniedAsync(RelayState state, PooledBuffer denial)
    {
        await state.ReportEndAsync(isError: false);
        using var written = new PooledBuffer();
        SseRewriter.WriteNew(denial.Written.Span, written);
        return await state.WriteAsync(written.Written) && await state.FlushAsync()
            ? state.Denied()
            : state.ClientGone();
    }
}
