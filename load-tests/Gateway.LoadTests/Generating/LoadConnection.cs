using System.Net.Sockets;

namespace Gateway.LoadTests.Generating;

/// <summary>
/// One HTTP/1.1 connection that sends prepared bytes and reads whole responses; a generator that built each request
/// would measure itself.
/// </summary>
internal sealed class LoadConnection(IPEndPoint target) : IDisposable
{
    private Socket? _socket;
    private byte[] _buffer = new byte[16 * 1024];

    /// <summary>Sends one request and reads its response to the end.</summary>
    public async ValueTask<CallOutcome> CallAsync(ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        if (!await TryOpenAsync(cancellationToken))
            return CallOutcome.Unavailable;
        try
        {
            await _socket!.SendAsync(request, cancellationToken);
            var answer = await ReadAsync(cancellationToken);
            if (answer.MustClose)
                Close();
            return answer.Outcome;
        }
        catch (Exception broken) when (broken is SocketException or IOException)
        {
            Close();
            return CallOutcome.Broken;
        }
    }

    public void Dispose() => Close();

    private async ValueTask<bool> TryOpenAsync(CancellationToken cancellationToken)
    {
        // A server that drains closes idle connections. Like other HTTP clients, this one checks before it sends.
        if (_socket is { } open && open.Poll(0, SelectMode.SelectRead))
            Close();
        if (_socket is not null)
            return true;
        var socket = new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(target, cancellationToken);
            _socket = socket;
            return true;
        }
        catch (SocketException)
        {
            socket.Dispose();
            return false;
        }
    }

    private async ValueTask<AnswerHead> ReadAsync(CancellationToken cancellationToken)
    {
        var length = 0;
        AnswerHead head;
        while (!AnswerHead.TryRead(_buffer.AsSpan(0, length), out head))
            length += await ReceiveAsync(length, cancellationToken);
        while (!head.IsWhole(_buffer.AsSpan(0, length)))
            length += await ReceiveAsync(length, cancellationToken);
        return head.WithOutcome(_buffer.AsSpan(0, length));
    }

    private async ValueTask<int> ReceiveAsync(int length, CancellationToken cancellationToken)
    {
        if (length == _buffer.Length)
            Array.Resize(ref _buffer, _buffer.Length * 2);
        var count = await _socket!.ReceiveAsync(_buffer.AsMemory(length), cancellationToken);
        return count > 0 ? count : throw new IOException("The connection was closed before the answer was whole.");
    }

    private void Close()
    {
        _socket?.Dispose();
        _socket = null;
    }
}
