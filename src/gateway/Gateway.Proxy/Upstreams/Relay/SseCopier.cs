using Gateway.Mcp.Events;
using Gateway.Mcp.Lists;
using Gateway.Mcp.Writing;

namespace Gateway.Proxy.Upstreams.Relay;

/// <summary>
/// The relay of a stream event by event: an event whose lists need no change passes byte for byte, and the caller is
/// notified of the response's end before its event passes.
/// </summary>
internal static class SseCopier
{
    public static async ValueTask<RelayOutcome> RunAsync(RelayState state, Stream body)
    {
        if (!await state.FlushAsync())
            return state.ClientGone();
        using var assembler = new SseAssembler(ResponseRelay.EvaluatedBytesMax);
        using var filtered = new PooledBuffer();
        while (true)
        {
            assembler.Rest();
            filtered.Rest();
            if (!await state.WaitAsync(body))
                return await MissingResponse.InEventsAsync(state, isBroken: true);
            if (!await state.HoldAsync(assembler.BytesWithRoom + Filtering(state, assembler)))
                return await state.NoMemoryAsync();
            if (!assembler.TryGetRoom(out var room))
            {
                if (!state.IsInspected)
                    return await PassLongAsync(state, assembler, body);
                return await state.FailAsync(
                    RelayEnd.Refused,
                    $"{state.Server} sent an event of more than {ResponseRelay.EvaluatedBytesMax} bytes.");
            }

            var count = await state.ReadAsync(body, room);
            if (count < 0)
                return await MissingResponse.InEventsAsync(state, isBroken: true);

            assembler.Advance(count);
            while (count == 0 ? assembler.TryTakeRest(out var segment) : assembler.TryTake(out segment))
            {
                var rewriting = state.RewritingBytes(segment.Data.Span);
                if (rewriting > 0
                    && !await state.HoldAsync(assembler.BytesWithRoom + Filtering(state, assembler) + rewriting))
                    return await state.NoMemoryAsync();
                if (await PassAsync(state, segment, filtered) is { } refused)
                    return await state.FailAsync(RelayEnd.Refused, refused);
                if (state.Plan.Handshake is { Refused: not null })
                    return await MissingResponse.UnsupportedAsync(state);
            }

            if (assembler.HasEventIds)
                state.Life.IsResumable();
            if (!await state.FlushAsync())
                return state.ClientGone();
            if (count == 0)
                return await MissingResponse.InEventsAsync(state, isBroken: false);
        }
    }

    // The event needs no evaluation, and it may be the response.
    private static async ValueTask<RelayOutcome> PassLongAsync(RelayState state, SseAssembler assembler, Stream body)
    {
        state.HasResponse();
        if (assembler.TryTakeRest(out var begun) && !await state.WriteAsync(begun.Raw))
            return state.ClientGone();
        // A part of the event has passed: neither a comment nor an event may follow before its end.
        state.IsBetweenEvents = false;
        return await state.FlushAsync() ? await RawCopier.RestAsync(state, body, isEvents: true) : state.ClientGone();
    }

    private static long Filtering(RelayState state, SseAssembler assembler) =>
        state.Plan.ListFilter is null ? 0 : ListFilter.BytesFactor * (long)assembler.EventBytes;

    /// <returns>The reason why it must not pass; null if it passed.</returns>
    private static async ValueTask<string?> PassAsync(RelayState state, SseSegment segment, PooledBuffer filtered)
    {
        var data = segment.Data;
        state.See(segment);
        if (!data.IsEmpty && state.Plan.ListFilter is { } listFilter)
        {
            filtered.Clear();
            var result = ListFilter.Apply(data.Span, listFilter, filtered);
            if (result == ListFilterResult.Unreadable)
                return $"{state.Server} sent an event that is not JSON, so it cannot be evaluated.";
            if (result == ListFilterResult.Changed)
            {
                if (await ReportEndAsync(state, filtered.Written) is { } refusedToo)
                    return refusedToo;
                if (state.Plan.Handshake is not { Refused: not null })
                    await RewriteAsync(state, segment, filtered.Written);
                return null;
            }
        }

        if (!data.IsEmpty && await ReportEndAsync(state, data) is { } refused)
            return refused;
        if (state.Plan.Handshake is { Refused: not null })
            return null;
        if (state.Plan.Rewriter is null || data.IsEmpty)
            await state.WriteAsync(segment.Raw);
        else
            await RewriteAsync(state, segment, data);
        return null;
    }

    private static async ValueTask RewriteAsync(RelayState state, SseSegment segment, ReadOnlyMemory<byte> data)
    {
        using var message = new PooledBuffer();
        data = state.Rewritten(data, message);
        if (data.Equals(segment.Data))
        {
            await state.WriteAsync(segment.Raw);
            return;
        }

        if (data.IsEmpty)
            return;
        using var rewritten = new PooledBuffer();
        SseRewriter.Write(segment.Raw.Span, data.Span, rewritten);
        await state.WriteAsync(rewritten.Written);
    }

    // If no caller needs the end of the response, events are not inspected.
    private static ValueTask<string?> ReportEndAsync(RelayState state, ReadOnlyMemory<byte> data) =>
        state.Plan.InspectsErrors || state.Plan.BeforeEnd is not null || state.Plan.ExpectsResponse
            || state.Plan.Handshake is not null ? state.ReportEventAsync(data) : default;
}
