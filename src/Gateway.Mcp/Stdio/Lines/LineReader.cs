using System.Net.Sockets;

namespace Gateway.Mcp;

/// <summary>Takes a program's output line by line; a line that is too long ends the reading, for good.</summary>
internal sealed class LineReader(Socket socket, int bytesMax)
{
    private const int FirstBytes = 4096;
    private byte[] _buffer = new byte[FirstBytes];
    private int _start;
    private int _scanned;
    private int _end;

    /// <summary>The next line that holds anything, without its end; null when there are no more.</summary>
    /// <remarks>What stands after the last line break is half a line, and no message.</remarks>
    /// <exception cref="InvalidDataException">A line is longer than the bound.</exception>
    public async ValueTask<byte[]?> ReadAsync()
    {
        while (true)
        {
            while (TryTake(out var line))
            {
                if (line.Length > 0)
                    return line;
            }

            if (_end - _start > bytesMax)
                throw new InvalidDataException($"a line of more than {bytesMax} bytes");
            if (!await FillAsync())
                return null;
        }
    }

    private bool TryTake(out byte[] line)
    {
        line = [];
        var at = _buffer.AsSpan(_scanned, _end - _scanned).IndexOf((byte)'\n');
        if (at < 0)
        {
            _scanned = _end;
            return false;
        }

        line = _buffer.AsSpan(_start, _scanned + at - _start).Trim("\r \t"u8).ToArray();
        _start = _scanned = _scanned + at + 1;
        return true;
    }

    private async ValueTask<bool> FillAsync()
    {
        if (_start == _end)
        {
            _start = _scanned = _end = 0;
            // One long line must not hold its memory for the rest of a quiet child's life.
            if (_buffer.Length > 16 * FirstBytes)
                _buffer = new byte[FirstBytes];
        }
        else if (_end == _buffer.Length)
            MakeRoom();

        try
        {
            var count = await socket.ReceiveAsync(_buffer.AsMemory(_end), SocketFlags.None);
            _end += count;
            return count > 0;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The program ended with something unread on its input, or the pipe was closed here.
            return false;
        }
    }

    private void MakeRoom()
    {
        var held = _end - _start;
        var target = held * 2 > _buffer.Length ? new byte[_buffer.Length * 2] : _buffer;
        _buffer.AsSpan(_start, held).CopyTo(target);
        (_scanned, _start, _end, _buffer) = (_scanned - _start, 0, held, target);
    }
}
