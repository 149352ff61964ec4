using System.Buffers;

namespace Gateway.Audit.Files;

/// <summary>Reads whole lines of a file that may be growing, and counts their bytes.</summary>
internal sealed class RecordLineReader(Stream stream) : IDisposable
{
    /// <summary>Maximum length of a line. A longer line is not a record of the gateway and is skipped.</summary>
    private const int LineBytesMax = 4 * 1024 * 1024;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
    private int _start;
    private int _end;

    /// <summary>Bytes of the lines read so far, including their line ends.</summary>
    public long Consumed { get; private set; }

    /// <summary>Bytes that were read from the stream after the last whole line.</summary>
    public ReadOnlySpan<byte> Rest => _buffer.AsSpan(_start, _end - _start);

    /// <summary>Returns the next whole line without its end, or null if there is none yet.</summary>
    public byte[]? Read()
    {
        while (true)
        {
            var length = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            if (length >= 0)
            {
                var line = _buffer.AsSpan(_start, length).ToArray();
                _start += length + 1;
                Consumed += length + 1;
                return line;
            }

            if (!Fill())
                return null;
        }
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    private bool Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }
        else if (_end == _buffer.Length)
        {
            if (_buffer.Length >= LineBytesMax)
                return false;
            var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
            _buffer.AsSpan(0, _end).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        var read = stream.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        return read > 0;
    }
}
