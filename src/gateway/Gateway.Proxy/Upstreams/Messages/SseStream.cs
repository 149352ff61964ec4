using System.Buffers;
using Gateway.Mcp.Writing;

namespace Gateway.Proxy.Upstreams.Messages;

/// <summary>The messages of a server as the body of an event stream.</summary>
internal sealed class SseStream(MessageQueue queue, QueuedMessage? first, Action closed) : Stream
{
    private readonly PooledBuffer _event = new();
    private QueuedMessage? _next = first;
    private int _read;
    private bool _isLast;
    private int _isClosed;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_read == _event.Length && !await NextAsync(cancellationToken))
            return 0;
        var count = Math.Min(buffer.Length, _event.Length - _read);
        _event.Written.Slice(_read, count).CopyTo(buffer);
        _read += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && Interlocked.Exchange(ref _isClosed, 1) == 0)
        {
            queue.Close();
            closed();
            _event.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask<bool> NextAsync(CancellationToken cancellationToken)
    {
        if (_isLast)
            return false;
        var message = _next ?? await queue.TakeAsync(cancellationToken);
        _next = null;
        if (message is null)
            return false;
        _isLast = message.IsLast;
        _read = 0;
        _event.Clear();
        _event.Write("event: message\ndata: "u8);
        _event.Write(message.Bytes.Span);
        _event.Write("\n\n"u8);
        return true;
    }
}
