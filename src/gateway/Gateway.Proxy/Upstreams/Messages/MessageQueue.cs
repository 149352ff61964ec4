using System.Threading.Channels;
using Gateway.Control.Memory;
using Gateway.Proxy.Upstreams.Relay;

namespace Gateway.Proxy.Upstreams.Messages;

/// <summary>
/// The messages of a server that wait for one response, up to a bound. They are charged to the grant's memory; the
/// message that was taken last stays charged until the next one is taken.
/// </summary>
internal sealed class MessageQueue(MemoryBudget memory, MemoryShare share)
{
    // Every call may use this much besides its message; small responses reserve nothing.
    private const int FreeBytes = 32 * 1024;

    // The overhead of a message besides its text.
    private const int MessageBytes = 128;

    private readonly Channel<QueuedMessage> _messages = Channel.CreateUnbounded<QueuedMessage>();
    private readonly Lock _gate = new();
    private long _bytes;
    private long _taken;
    private long _held;
    private bool _isClosed;

    /// <summary>
    /// Adds a message once there is memory for it. Too many unread bytes, or a lack of memory, break the response.
    /// </summary>
    public async ValueTask AddAsync(ReadOnlyMemory<byte> message, bool isLast, int? errorCode = null)
    {
        var bytes = message.Length + MessageBytes;
        var more = Enter(bytes, out var isTooMuch);
        if (isTooMuch && !isLast)
        {
            Change(-bytes, 0);
            Break(new IOException("Its messages were not taken fast enough."));
            return;
        }

        if (more > 0)
        {
            if (!await memory.TakeAsync(share, more, MemoryUse.Answer, CancellationToken.None))
            {
                Break(UpstreamException.NoMemory());
                Close();
                return;
            }

            Change(0, more);
        }

        Write(new QueuedMessage(message, isLast, errorCode), bytes);
    }

    /// <summary>Adds a message whose memory is already reserved, and takes over the reservation.</summary>
    public void Adopt(ReadOnlyMemory<byte> message, long held)
    {
        Change(message.Length + MessageBytes, held);
        Write(new QueuedMessage(message, false, null), message.Length + MessageBytes);
    }

    /// <summary>Completes the queue normally.</summary>
    public void End() => _messages.Writer.TryComplete();

    /// <summary>Completes the queue with an error.</summary>
    public void Break(IOException reason) => _messages.Writer.TryComplete(reason);

    /// <summary>Closes the queue and releases all its memory; no messages are taken any more.</summary>
    public void Close()
    {
        _messages.Writer.TryComplete();
        while (_messages.Reader.TryRead(out _))
        {
        }

        lock (_gate)
            (_isClosed, _bytes, _taken) = (true, 0, 0);
        Change(0, 0);
    }

    /// <summary>Completes once there is a message to take, or the end.</summary>
    public async Task ArrivedAsync()
    {
        Task arrived = _messages.Reader.WaitToReadAsync().AsTask();
        await arrived.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Returns the next message, or null at the end.</summary>
    /// <exception cref="IOException">The response broke off.</exception>
    public async ValueTask<QueuedMessage?> TakeAsync(CancellationToken cancellationToken)
    {
        Change(-Interlocked.Exchange(ref _taken, 0), 0);
        while (await _messages.Reader.WaitToReadAsync(cancellationToken))
        {
            if (!_messages.Reader.TryRead(out var message))
                continue;
            Interlocked.Exchange(ref _taken, message.Bytes.Length + MessageBytes);
            return message;
        }

        return null;
    }

    /// <summary>Returns an object that closes the queue when disposed.</summary>
    public IDisposable AsHeld() => new Held(this);

    private void Write(QueuedMessage message, long bytes)
    {
        if (!_messages.Writer.TryWrite(message))
            Change(-bytes, 0);
        else if (message.IsLast)
            _messages.Writer.TryComplete();
    }

    private long Enter(long bytes, out bool isTooMuch)
    {
        lock (_gate)
        {
            _bytes += _isClosed ? 0 : bytes;
            isTooMuch = _bytes > ResponseRelay.EvaluatedBytesMax;
            return _bytes - FreeBytes - _held;
        }
    }

    // Releases the memory that exceeds what the current messages need.
    private void Change(long bytes, long held)
    {
        long over;
        lock (_gate)
        {
            _bytes = _isClosed ? 0 : Math.Max(0, _bytes + bytes);
            _held += held;
            over = _held - Math.Max(0, _bytes - FreeBytes);
            if (over <= 0)
                return;
            _held -= over;
        }

        memory.GiveBack(share, over);
    }

    private sealed class Held(MessageQueue queue) : IDisposable
    {
        public void Dispose() => queue.Close();
    }
}

/// <summary>One message of a response.</summary>
/// <param name="Bytes">The message, on one line.</param>
/// <param name="IsLast">True if it is the final response to the request.</param>
/// <param name="ErrorCode">Its JSON-RPC error code; null if it is not an error.</param>
internal sealed record QueuedMessage(ReadOnlyMemory<byte> Bytes, bool IsLast, int? ErrorCode);
