using System.IO.Pipelines;

namespace Gateway.Admin.Backtesting;

/// <summary>
/// What another frontend sends, read by a thread that may wait for it: not without end, and not once nobody wants it.
/// </summary>
internal static class FrontendStream
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>The same bytes; reading them fails with what the frontend failed with.</summary>
    /// <param name="stream">From the frontend; it is disposed with what this returns.</param>
    /// <param name="cancellation">Nobody wants it any more.</param>
    public static Stream Of(Stream stream, CancellationToken cancellation)
    {
        var pipe = new Pipe();
        _ = PumpAsync(stream, pipe.Writer, cancellation);
        return pipe.Reader.AsStream();
    }

    private static async Task PumpAsync(Stream stream, PipeWriter writer, CancellationToken cancellation)
    {
        Exception? problem = null;
        try
        {
            await using (stream)
            {
                while (await ReadAsync(stream, writer, cancellation))
                {
                    // Whoever reads takes it at their own pace.
                }
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            problem = e;
        }
        catch (HttpRequestException e)
        {
            problem = new IOException(e.Message, e);
        }

        await writer.CompleteAsync(problem);
    }

    /// <returns>False at the end, or where nobody reads any more.</returns>
    private static async Task<bool> ReadAsync(Stream stream, PipeWriter writer, CancellationToken cancellation)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        waiting.CancelAfter(Patience);
        int read;
        try
        {
            read = await stream.ReadAsync(writer.GetMemory(), waiting.Token);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new IOException($"it sent nothing for {Patience.TotalSeconds} s", e);
        }

        writer.Advance(read);
        return read > 0 && !(await writer.FlushAsync(cancellation)).IsCompleted;
    }
}
