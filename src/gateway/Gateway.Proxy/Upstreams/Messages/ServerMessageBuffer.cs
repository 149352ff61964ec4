using Gateway.Control.Memory;

namespace Gateway.Proxy.Upstreams.Messages;

/// <summary>
/// The messages of a legacy session that belong to no request: sent on the session's stream while one is open,
/// otherwise kept, within bounds, for the next stream or call.
/// </summary>
internal sealed class ServerMessageBuffer(MemoryBudget memory, MemoryShare share)
{
    private const int MessagesMax = 64;
    private const int BytesMax = 1024 * 1024;
    private readonly Lock _gate = new();
    private readonly Queue<ReadOnlyMemory<byte>> _held = new();
    private int _bytes;
    private MessageQueue? _stream;

    public bool HasStream
    {
        get
        {
            lock (_gate)
                return _stream is not null;
        }
    }

    /// <summary>Opens the session's stream; returns null while another is open.</summary>
    public MessageQueue? TryOpen()
    {
        lock (_gate)
        {
            if (_stream is not null)
                return null;
            _stream = new MessageQueue(memory, share);
            MoveTo(_stream);
            return _stream;
        }
    }

    public void CloseStream(IOException? reason = null)
    {
        MessageQueue? stream;
        lock (_gate)
        {
            stream = _stream;
            _stream = null;
        }

        if (reason is null)
            stream?.End();
        else
            stream?.Break(reason);
    }

    public async ValueTask<bool> TrySendAsync(ReadOnlyMemory<byte> message)
    {
        MessageQueue? stream;
        lock (_gate)
            stream = _stream;
        if (stream is null)
            return false;
        await stream.AddAsync(message, isLast: false);
        return true;
    }

    /// <summary>Keeps a message; returns false if there is no room.</summary>
    public bool TryHold(ReadOnlyMemory<byte> message)
    {
        lock (_gate)
        {
            if (_held.Count >= MessagesMax || _bytes + message.Length > BytesMax
                || !memory.TryTake(share, message.Length, MemoryUse.Answer))
            {
                return false;
            }

            _held.Enqueue(message);
            _bytes += message.Length;
            return true;
        }
    }

    /// <summary>Moves the kept messages to a call's response.</summary>
    public void GiveTo(MessageQueue queue)
    {
        lock (_gate)
        {
            if (_stream is null)
                MoveTo(queue);
        }
    }

    /// <summary>Discards the rest, because the session has ended.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _held.Clear();
            memory.GiveBack(share, _bytes);
            _bytes = 0;
        }
    }

    private void MoveTo(MessageQueue queue)
    {
        while (_held.TryDequeue(out var message))
            queue.Adopt(message, message.Length);
        _bytes = 0;
    }
}
