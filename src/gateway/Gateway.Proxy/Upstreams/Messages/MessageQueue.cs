using System.Threading.Channels;
using Gateway.Control.Memory;
using Gateway.Proxy.Upstreams.Relay;

namespace Gateway.Proxy.Upstreams.Messages;

/// <summary>
/// Messages of a server on their way into one answer, within a bound on what waits. They are held of the grant's
/// memory, the one that was taken last until the next is.
/// </summary>
internal sealed class MessageQueue(MemoryBudget memory, MemoryShare share)
{
    // Every call has that much beside its message; small answers ask for nothing.
    private const int FreeBytes = 32 * 1024;

    // What a message takes beside its text.
    private const int MessageBytes = 128;

    private readonly Channel<QueuedMessage> _messages = Channel.CreateUnbounded<QueuedMessage>();
    private readonly Lock _gate = new();
    private long _bytes;
    private long _taken;
    private long _held;
    private bool _isClosed;

    /// <summary>
    /// Adds a message, once there is memory for it; too many bytes that nobody reads, or none to be had, break the
    /// answer.
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

    /// <summary>Adds a message for which memory is held, and takes that over.</summary>
    public void Adopt(ReadOnlyMemory<byte> message, long held)
    {
        Change(message.Length + MessageBytes, held);
        Write(new QueuedMessage(message, false, null), message.Length + MessageBytes);
    }

    /// <summary>No more will come, and that is well.</summary>
    public void End() => _messages.Writer.TryComplete();

    /// <summary>No more will come, because of this.</summary>
    public void Break(IOException reason) => _messages.Writer.TryComplete(reason);

    /// <summary>Nobody takes messages any more: all that is held is given back.</summary>
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

    /// <summary>The next message; null at the end.</summary>
    /// <exception cref="IOException">The answer broke.</exception>
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

    /// <summary>Closes it when it is disposed of.</summary>
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
            isTooMuch = _bytes > ResponseRelay.JudgedBytesMax;
            return _bytes - FreeBytes - _held;
        }
    }

    // Holds no more than what is there needs: what is over is given back.
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
