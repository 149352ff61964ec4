namespace Gateway.Proxy.Upstreams.Relay;

/// <summary>The relay of a body as it arrives, encoded or not, flushed at every read.</summary>
internal static class RawCopier
{
    private const int ReadBytes = 16 * 1024;

    public static async ValueTask<RelayOutcome> RunAsync(RelayState state, bool isEvents)
    {
        var response = state.Context.Response;
        response.ContentLength = state.Answer.Response.Content.Headers.ContentLength;
        if (state.Answer.Header("Content-Encoding") is { } encoding)
            response.Headers.ContentEncoding = encoding;
        if (isEvents && !await state.FlushAsync())
            return state.ClientGone();
        // Nothing can be added to a body with an encoding.
        state.IsBetweenEvents = response.Headers.ContentEncoding.Count == 0;
        return await RestAsync(state, state.Answer.Body, isEvents, state.IsBetweenEvents);
    }

    /// <summary>Relays the rest of a body whose head is written.</summary>
    /// <param name="state">The response.</param>
    /// <param name="body">The rest.</param>
    /// <param name="isEvents">True if it is an event stream.</param>
    /// <param name="isPlain">True if its bytes are not encoded, so that the end of an event can be detected.</param>
    public static async ValueTask<RelayOutcome> RestAsync(
        RelayState state, Stream body, bool isEvents, bool isPlain = true)
    {
        var tail = new StreamTail();
        while (true)
        {
            if (isEvents && !await state.WaitAsync(body))
                return await state.FailAsync(RelayEnd.UpstreamBroken, Broken(state));
            var room = state.Writer.GetMemory(ReadBytes);
            var count = await state.ReadAsync(body, room);
            if (count == 0)
                return state.Completed();
            if (count < 0)
                return await state.FailAsync(RelayEnd.UpstreamBroken, Broken(state));

            if (isEvents && HasEventId(room.Span[..count]))
                state.Life.IsResumable();
            if (isEvents && isPlain)
                state.IsBetweenEvents = tail.EndsEventWith(room.Span[..count]);
            state.Writer.Advance(count);
            state.Count(count);
            if (!await state.FlushAsync())
                return state.ClientGone();
            // Nothing follows, and a client that has all of it may have left by the time the end is read.
            if (state.HasAll)
                return state.Completed();
        }
    }

    public static string Broken(RelayState state) => $"{state.Server} broke off its response.";

    /// <summary>The last bytes of a stream, which show if an event is complete.</summary>
    private struct StreamTail
    {
        private uint _last;

        /// <summary>Adds bytes; returns true if they end with the blank line that ends an event.</summary>
        public bool EndsEventWith(ReadOnlySpan<byte> bytes)
        {
            foreach (var one in bytes[Math.Max(0, bytes.Length - 3)..])
                _last = (_last << 8) | one;
            const byte lf = (byte)'\n', cr = (byte)'\r';
            var (end, before, first) = ((byte)_last, (byte)(_last >> 8), (byte)(_last >> 16));
            return (end, before) switch
            {
                (lf, cr) => first is lf or cr,
                (lf, lf) or (cr, lf) or (cr, cr) => true,
                _ => false,
            };
        }
    }

    private static bool HasEventId(ReadOnlySpan<byte> chunk) =>
        chunk.StartsWith("id:"u8) || chunk.IndexOf("\nid:"u8) >= 0 || chunk.IndexOf("\rid:"u8) >= 0;
}
