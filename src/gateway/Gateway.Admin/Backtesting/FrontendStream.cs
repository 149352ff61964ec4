using System.IO.Pipelines;

namespace Gateway.Admin.Backtesting;

/// <summary>
/// A response of another frontend, read synchronously by a thread that may block: with a timeout, and only until it is
/// canceled.
/// </summary>
internal static class FrontendStream
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Returns a stream of the same bytes; a failure of the frontend makes reading fail.</summary>
    /// <param name="stream">The frontend's response; disposed together with the returned stream.</param>
    /// <param name="cancellation">Signals that the stream is no longer needed.</param>
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
                    // The pipe applies backpressure: the reader sets the pace.
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

    /// <returns>False at the end, or if the reader has finished.</returns>
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
