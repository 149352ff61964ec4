using System.Net.Sockets;
using Gateway.Control.Memory;

namespace Gateway.Proxy.Upstreams.Stdio.Lines;

/// <summary>
/// A reader of a program's output, line by line; a line that is too long ends the reading permanently. Unusually long
/// lines are charged to the grant's memory; without free memory, the program has to wait.
/// </summary>
internal sealed class LineReader(Socket socket, int bytesMax, MemoryBudget memory, MemoryShare share)
{
    private const int FirstBytes = 4096;

    // Every child may use this much; a short line reserves nothing.
    private const int FreeBytes = 16 * FirstBytes;

    private byte[] _buffer = new byte[FirstBytes];
    private int _start;
    private int _scanned;
    private int _end;
    private long _held;

    /// <summary>Returns the next non-empty line without its end; null if there are no more.</summary>
    /// <remarks>
    /// Bytes after the last line break are an incomplete line, not a message. A long line stays charged until the next
    /// one is requested.
    /// </remarks>
    /// <exception cref="InvalidDataException">A line is longer than the bound.</exception>
    /// <exception cref="UpstreamException">There was no memory for a line.</exception>
    public async ValueTask<byte[]?> ReadAsync()
    {
        GiveBackTo(_buffer.Length - FreeBytes);
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

    /// <summary>Returns the memory; nothing is read any more.</summary>
    public void Release() => GiveBackTo(0);

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

        // A long line must not hold its memory for the rest of an idle child's life.
        if (_buffer.Length > FreeBytes && _end - _start <= FirstBytes)
        {
            MoveTo(new byte[FirstBytes]);
            GiveBackTo(line.Length);
        }

        return true;
    }

    private async ValueTask<bool> FillAsync()
    {
        if (_start == _end)
            _start = _scanned = _end = 0;
        else if (_end == _buffer.Length)
            await MakeRoomAsync();

        try
        {
            var count = await socket.ReceiveAsync(_buffer.AsMemory(_end), SocketFlags.None);
            _end += count;
            return count > 0;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The program ended with unread input, or the pipe was closed here.
            return false;
        }
    }

    private async ValueTask MakeRoomAsync()
    {
        if ((_end - _start) * 2 <= _buffer.Length)
        {
            MoveTo(_buffer);
            return;
        }

        var length = _buffer.Length * 2;
        var more = length - FreeBytes - _held;
        if (more > 0)
        {
            if (!await memory.TakeAsync(share, more, MemoryUse.Answer, CancellationToken.None))
                throw UpstreamException.NoMemory();
            _held += more;
        }

        MoveTo(new byte[length]);
    }

    private void MoveTo(byte[] target)
    {
        var held = _end - _start;
        _buffer.AsSpan(_start, held).CopyTo(target);
        (_scanned, _start, _end, _buffer) = (_scanned - _start, 0, held, target);
    }

    private void GiveBackTo(long bytes)
    {
        var less = _held - Math.Max(0, bytes);
        if (less <= 0)
            return;
        _held -= less;
        memory.GiveBack(share, less);
    }
}
