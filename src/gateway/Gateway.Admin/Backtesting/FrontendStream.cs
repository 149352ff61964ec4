namespace Gateway.Admin.Backtesting;

/// <summary>
/// What another frontend sends, read by a thread that may wait for it: not without end, and not once nobody wants it.
/// </summary>
internal sealed class FrontendStream(Stream stream, CancellationToken cancellation) : Stream
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        waiting.CancelAfter(Patience);
        try
        {
            return stream.ReadAsync(buffer.AsMemory(offset, count), waiting.Token).AsTask().GetAwaiter().GetResult();
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new IOException($"it sent nothing for {Patience.TotalSeconds} s", e);
        }
        catch (HttpRequestException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            stream.Dispose();
        base.Dispose(disposing);
    }
}
