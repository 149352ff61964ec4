using Gateway.Mcp.Lists;
using Gateway.Mcp.Writing;

namespace Gateway.Proxy.Upstreams.Relay;

/// <summary>The relay of a JSON response, which is read whole, inspected, and has its lists filtered.</summary>
internal static class JsonCopier
{
    private const int ReadBytes = 16 * 1024;

    public static async ValueTask<RelayOutcome> RunAsync(RelayState state, Stream body)
    {
        using var whole = new PooledBuffer();
        if (!await ReserveAsync(state, whole))
            return await state.NoMemoryAsync();
        while (true)
        {
            if (!await state.HoldAsync(whole.BytesWith(ReadBytes)))
                return await state.NoMemoryAsync();
            var count = await state.ReadAsync(body, whole.GetMemory(ReadBytes));
            if (count < 0)
                return await MissingResponse.BrokenAsync(state);
            if (count == 0)
                return await PassAsync(state, whole);
            whole.Advance(count);
            if (whole.Length > ResponseRelay.EvaluatedBytesMax)
                return await PassOversizedAsync(state, whole, body);
        }
    }

    /// <summary>
    /// Reserves all memory of a response of known length before reading it. Large responses thus take turns, and none
    /// waits for another halfway.
    /// </summary>
    private static async ValueTask<bool> ReserveAsync(RelayState state, PooledBuffer whole)
    {
        var isEncoded = state.Answer.Header("Content-Encoding") is not null;
        var length = isEncoded ? 0 : state.Answer.Response.Content.Headers.ContentLength ?? 0;
        if (length is <= ReadBytes or > ResponseRelay.EvaluatedBytesMax)
            return true;
        // The last read detects the end, and needs room for it.
        var room = (int)length + ReadBytes;
        var filtering = state.Plan.ListFilter is null ? 0 : ListFilter.BytesFactor * length;
        if (!await state.HoldAsync(whole.BytesWith(room) + filtering))
            return false;
        whole.GetMemory(room);
        state.KeepAtLeast(whole.BytesWith(room) + filtering);
        return true;
    }

    private static async ValueTask<RelayOutcome> PassAsync(RelayState state, PooledBuffer whole)
    {
        using var filtered = new PooledBuffer();
        var passed = whole;
        if (state.Plan.ListFilter is { } listFilter && whole.Length > 0)
        {
            if (!await state.HoldAsync(whole.BytesWith(0) + (ListFilter.BytesFactor * (long)whole.Length)))
                return await state.NoMemoryAsync();
            var result = ListFilter.Apply(whole.Written.Span, listFilter, filtered);
            // If the server responds by HTTP that it does not have the method, the gateway may still have entries to
            // list.
            if (state.IsError && result == ListFilterResult.Changed)
                state.Context.Response.StatusCode = 200;
            if (result == ListFilterResult.Unreadable && !state.IsError)
            {
                return await state.FailAsync(
                    RelayEnd.Refused,
                    $"{state.Server} responded to a list request with something that is not JSON.");
            }

            passed = result == ListFilterResult.Changed ? filtered : whole;
        }

        if (await MissingResponse.CheckBodyAsync(state, passed.Written) is { } ended)
            return ended;
        var rewriting = state.RewritingBytes(passed.Written.Span);
        if (rewriting > 0 && !await state.HoldAsync(whole.BytesWith(0) + filtered.BytesWith(0) + rewriting))
            return await state.NoMemoryAsync();
        return await state.PassBodyAsync(passed.Written);
    }

    // An error is never that long, and a list of that length cannot be filtered.
    private static async ValueTask<RelayOutcome> PassOversizedAsync(RelayState state, PooledBuffer begun, Stream body)
    {
        if (state.Plan.ListFilter is not null || state.Plan.MustRewrite)
        {
            var what = state.Plan.MustRewrite ? "an app" : "a list";
            return await state.FailAsync(
                RelayEnd.Refused,
                $"{state.Server} responded with {what} of more than {ResponseRelay.EvaluatedBytesMax} bytes.");
        }

        // Too long to be inspected; a body that begins like JSON is assumed to be the response.
        if (state.LacksResponse && !ResponseInspector.MayBeMessage(begun.Written.Span, isWhole: false))
            return await MissingResponse.InBodyAsync(state, begun.Written);
        if (!await state.WriteAsync(begun.Written) || !await state.FlushAsync())
            return state.ClientGone();
        begun.Dispose();
        state.Release();
        return await RawCopier.RestAsync(state, body, isEvents: false);
    }
}
