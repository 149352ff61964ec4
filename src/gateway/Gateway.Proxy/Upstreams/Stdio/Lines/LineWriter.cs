using System.Net.Sockets;
using System.Threading.Channels;

namespace Gateway.Proxy.Upstreams.Stdio.Lines;

/// <summary>
/// The only writer of a program's input. A line's permit is spent here, in its turn: a line that waits for a program
/// that does not read has cost nothing yet.
/// </summary>
internal sealed class LineWriter(Socket socket, int linesMax)
{
    private readonly Channel<OutgoingLine> _lines =
        Channel.CreateBounded<OutgoingLine>(new BoundedChannelOptions(linesMax) { SingleReader = true });
    private volatile IOException? _closed;
    private volatile int _sent;

    /// <summary>
    /// True if the program has ended without reading the only line that it was ever sent: Linux reports to the other
    /// end of a socket pair that data was left. False if that is unknown.
    /// </summary>
    public bool IsUnread
    {
        get
        {
            if (_sent != 1 || !OperatingSystem.IsLinux())
                return false;
            try
            {
                return socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error) is int error
                    && (SocketError)error == SocketError.ConnectionReset;
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return false;
            }
        }
    }

    /// <summary>Writes a line in its turn; returns when it is in the pipe.</summary>
    /// <exception cref="UpstreamException">It was not written, and never will be.</exception>
    public async Task WriteAsync(
        ReadOnlyMemory<byte> line, UpstreamRequest request, CancellationToken cancellationToken)
    {
        var outgoing = new OutgoingLine(line, request, cancellationToken);
        if (!_lines.Writer.TryWrite(outgoing))
        {
            throw _closed is { } closed
                ? new UpstreamException(UpstreamFailure.Ended, false, closed.Message, closed)
                : new UpstreamException(UpstreamFailure.AtBound, false,
                    $"its program does not read its input, and {linesMax} messages are waiting.", null);
        }

        using (cancellationToken.UnsafeRegister(static state =>
        {
            var (outgoing, cancellationToken) = ((OutgoingLine, CancellationToken))state!;
            if (outgoing.TryLeave())
                outgoing.Fail(new OperationCanceledException(cancellationToken));
        }, (outgoing, cancellationToken)))
        {
            // Not cancelable: until this is decided, a caller must not claim that nothing was written.
            await outgoing.Decided;
            await outgoing.Written.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Writes a line of the gateway's own, if there is room for it.</summary>
    public void Post(byte[] line) => _lines.Writer.TryWrite(new OutgoingLine(line, null, CancellationToken.None));

    /// <summary>Writes until <see cref="Close"/>, or the pipe breaks.</summary>
    public async Task RunAsync()
    {
        await foreach (var line in _lines.Reader.ReadAllAsync())
        {
            if (!line.TryTake())
                continue;
            if (_closed is { } closed)
            {
                line.Fail(new UpstreamException(UpstreamFailure.Ended, false, closed.Message, closed));
                continue;
            }

            if (!await line.PassGateAsync())
                continue;
            var rest = line.Bytes;
            try
            {
                _sent++;
                while (!rest.IsEmpty)
                    rest = rest[await socket.SendAsync(rest, SocketFlags.None)..];
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // If the pipe accepted nothing of a line, nothing of it was read.
                if (rest.Length == line.Bytes.Length)
                    line.SetUnsent();
                // The output reader ends the calls; this only keeps later lines from a broken pipe.
                Close(new IOException("its program has closed its input.", e));
            }

            line.SetWritten();
        }
    }

    /// <summary>Accepts no more lines; waiting ones fail.</summary>
    public void Close(IOException reason)
    {
        _closed ??= reason;
        _lines.Writer.TryComplete();
    }
}
