using System.Threading.Channels;

namespace Gateway.Mcp;

/// <summary>Messages of a program on their way into one answer, within a bound on what waits.</summary>
internal sealed class MessageQueue
{
    private readonly Channel<QueuedMessage> _messages = Channel.CreateUnbounded<QueuedMessage>(
        new UnboundedChannelOptions { SingleReader = true });
    private long _bytes;

    /// <summary>Adds a message; too many bytes that nobody reads break the answer.</summary>
    public void Add(ReadOnlyMemory<byte> message, bool isLast, int? errorCode = null)
    {
        if (Interlocked.Add(ref _bytes, message.Length) > AnswerRelay.JudgedBytesMax && !isLast)
        {
            Break(new IOException("Its messages were not taken fast enough."));
            return;
        }

        _messages.Writer.TryWrite(new QueuedMessage(message, isLast, errorCode));
        if (isLast)
            _messages.Writer.TryComplete();
    }

    /// <summary>No more will come, and that is well.</summary>
    public void End() => _messages.Writer.TryComplete();

    /// <summary>No more will come, because of this.</summary>
    public void Break(IOException reason) => _messages.Writer.TryComplete(reason);

    /// <summary>The next message; null at the end.</summary>
    /// <exception cref="IOException">The answer broke.</exception>
    public async ValueTask<QueuedMessage?> TakeAsync(CancellationToken cancellationToken)
    {
        while (await _messages.Reader.WaitToReadAsync(cancellationToken))
        {
            if (!_messages.Reader.TryRead(out var message))
                continue;
            Interlocked.Add(ref _bytes, -message.Bytes.Length);
            return message;
        }

        return null;
    }
}
