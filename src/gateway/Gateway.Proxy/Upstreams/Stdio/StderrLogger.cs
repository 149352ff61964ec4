using System.Net.Sockets;
using System.Text;
using Gateway.Mcp.Writing;
using Microsoft.Extensions.Logging;

namespace Gateway.Proxy.Upstreams.Stdio;

/// <summary>
/// The logger of a program's standard error, with bounds on the length of a line and on the number of lines per period.
/// </summary>
internal sealed partial class StderrLogger(
    string server, int process, Socket socket, LastLines last, StdioMetrics metrics, TimeProvider time, ILogger logger)
{
    private const int LineBytesMax = 2048;
    private const int LinesMax = 100;
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(10);
    private readonly byte[] _buffer = new byte[LineBytesMax];
    private long _since = time.GetTimestamp();
    private int _lines;
    private int _held;
    private bool _isCut;

    /// <summary>Reads to the end; everything is read, so that the program never blocks on its log.</summary>
    public async Task RunAsync()
    {
        try
        {
            while (await socket.ReceiveAsync(_buffer.AsMemory(_held), SocketFlags.None) is > 0 and var count)
            {
                _held += count;
                TakeLines();
                if (_held == _buffer.Length)
                {
                    Write(_buffer.AsSpan(0, _held));
                    (_held, _isCut) = (0, true);
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The pipe was closed, which is also the end.
        }

        Write(_buffer.AsSpan(0, _held));
    }

    private void TakeLines()
    {
        while (_buffer.AsSpan(0, _held).IndexOf((byte)'\n') is >= 0 and var at)
        {
            // The rest of a line that was too long is not logged as another line.
            if (!_isCut)
                Write(_buffer.AsSpan(0, at));
            _isCut = false;
            _buffer.AsSpan(at + 1, _held - at - 1).CopyTo(_buffer);
            _held -= at + 1;
        }

        if (_isCut)
            _held = 0;
    }

    private void Write(ReadOnlySpan<byte> line)
    {
        line = line.TrimEnd("\r "u8);
        if (line.IsEmpty)
            return;
        last.Add(line);
        if (!logger.IsEnabled(LogLevel.Information))
        {
            metrics.Complained(server, isLogged: false);
            return;
        }

        if (time.GetElapsedTime(_since) > Span)
        {
            if (_lines > LinesMax)
                LogLeftOut(server, process, _lines - LinesMax);
            (_since, _lines) = (time.GetTimestamp(), 0);
        }

        var isLogged = ++_lines <= LinesMax;
        metrics.Complained(server, isLogged);
        if (isLogged)
            LogLine(server, process, Clean(line));
    }

    // A program must not be able to forge lines or colors of the log.
    private static string Clean(ReadOnlySpan<byte> line) => VisibleText.Of(Encoding.UTF8.GetString(line));

    [LoggerMessage(1, LogLevel.Information, "{Server} [{Process}]: {Line}")]
    private partial void LogLine(string server, int process, string line);

    [LoggerMessage(2, LogLevel.Warning, "{Server} [{Process}]: further lines on standard error were omitted: {Count}")]
    private partial void LogLeftOut(string server, int process, int count);
}
