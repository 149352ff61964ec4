using System.Buffers;

namespace Gateway.Mcp.Events;

/// <summary>
/// Splits a <c>text/event-stream</c> into events without changing a byte (WHATWG HTML, 9.2.5 and 9.2.6): lines end in
/// CR, LF or CRLF, one leading byte order mark is skipped, and comments between events are emitted at once.
/// </summary>
public sealed class SseAssembler(int eventBytesMax) : IDisposable
{
    private const int RentedFirst = 4096;
    private const int KeptBytes = 64 * 1024;

    private readonly List<Range> _dataLines = [];
    private byte[] _buffer = [];
    private byte[] _joined = [];
    private int _start;
    private int _line;
    private int _scan;
    private int _end;
    private bool _hasFields;
    private bool _endedInCarriageReturn;
    private bool _isBegun;
    private bool _hasMark;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>True if an event carried an id, so that a client may resume the stream.</summary>
    public bool HasEventIds { get; private set; }

    /// <summary>Number of bytes of the incomplete event.</summary>
    public int EventBytes => _end - _start;

    /// <summary>
    /// Number of bytes held once there is room for more: a full buffer beside its larger replacement, the joined lines,
    /// and the position of each line.
    /// </summary>
    public long BytesWithRoom =>
        ((EventBytes == _buffer.Length ? 3L : 1L) * _buffer.Length) + _joined.Length + EventBytes
        + (_dataLines.Capacity * 3L * 8);

    /// <summary>Releases all memory if no event is incomplete; later bytes rent their own.</summary>
    public void Rest()
    {
        if (_start == _end)
            Empty();
    }

    /// <summary>Returns room for the next bytes; false if the incomplete event is longer than the bound.</summary>
    public bool TryGetRoom(out Memory<byte> room)
    {
        if (_start > 0)
            Compact();
        if (_end == 0 && _buffer.Length > KeptBytes)
            Empty();
        if (_buffer.Length == 0)
            _buffer = ArrayPool<byte>.Shared.Rent(RentedFirst);
        var isInBound = _end < eventBytesMax;
        if (_end == _buffer.Length && isInBound)
            Grow();
        room = _buffer.AsMemory(_end);
        return isInBound;
    }

    /// <summary>Records how many bytes were written into the room.</summary>
    public void Advance(int count) => _end += count;

    /// <summary>Takes the next complete segment.</summary>
    public bool TryTake(out SseSegment segment)
    {
        while (TryReadLine(out var line))
        {
            if (line.IsEmpty)
            {
                segment = Cut(_hasFields);
                return true;
            }

            if (_buffer[_line + line.Start] == (byte)':')
            {
                EndLine(line);
                if (_hasFields)
                    continue;
                segment = CutBetween();
                return true;
            }

            Field(line);
            EndLine(line);
        }

        segment = default;
        return false;
    }

    /// <summary>
    /// Takes the rest when the stream ends, as one event: some clients read an event without its blank line.
    /// </summary>
    public bool TryTakeRest(out SseSegment segment)
    {
        if (_start == _end)
        {
            segment = default;
            return false;
        }

        if (_line < _end && FirstOfLine() is var first && first < _end && _buffer[first] != (byte)':')
            Field(new LineSpan(first - _line, _end - _line, 0));
        _line = _end;
        segment = Cut(_hasFields);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        if (_joined.Length > 0)
            ArrayPool<byte>.Shared.Return(_joined);
        (_buffer, _joined) = ([], []);
    }

    private readonly record struct LineSpan(int Start, int End, int Terminator)
    {
        public bool IsEmpty => Start == End;
    }

    // The line's start and end are relative to _line, where its bytes begin. A line feed that belongs to the preceding
    // carriage return, or the byte order mark, lies before the start.
    private bool TryReadLine(out LineSpan line)
    {
        line = default;
        if (!_isBegun && !TryBegin())
            return false;

        var first = FirstOfLine();
        if (_scan < first)
            _scan = first;
        var found = _scan >= _end ? -1 : _buffer.AsSpan(_scan, _end - _scan).IndexOfAny((byte)'\r', (byte)'\n');
        if (found < 0)
        {
            _scan = Math.Max(_scan, _end);
            return false;
        }

        var at = _scan + found;
        var terminator = 1;
        if (_buffer[at] == (byte)'\r' && at + 1 < _end && _buffer[at + 1] == (byte)'\n')
            terminator = 2;
        line = new LineSpan(first - _line, at - _line, terminator);
        if (line.IsEmpty)
            EndLine(line);
        return true;
    }

    private bool TryBegin()
    {
        var seen = _buffer.AsSpan(_start, _end - _start);
        if (seen.Length < ByteOrderMark.Length && ByteOrderMark.StartsWith(seen))
            return false;
        _isBegun = true;
        _hasMark = seen.StartsWith(ByteOrderMark);
        return true;
    }

    private int FirstOfLine()
    {
        var first = _line;
        if (_hasMark)
            first += ByteOrderMark.Length;
        else if (_endedInCarriageReturn && first < _end && _buffer[first] == (byte)'\n')
            first++;
        return first;
    }

    private void EndLine(LineSpan line)
    {
        var last = _line + line.End + line.Terminator - 1;
        _endedInCarriageReturn = _buffer[last] == (byte)'\r';
        _hasMark = false;
        _line = last + 1;
        _scan = _line;
    }

    private void Field(LineSpan line)
    {
        _hasFields = true;
        var (start, end) = (_line + line.Start, _line + line.End);
        var colon = _buffer.AsSpan(start, end - start).IndexOf((byte)':');
        var name = _buffer.AsSpan(start, colon < 0 ? end - start : colon);
        if (name.SequenceEqual("id"u8))
            HasEventIds = true;
        if (!name.SequenceEqual("data"u8))
            return;

        var value = colon < 0 ? end : start + colon + 1;
        if (value < end && _buffer[value] == (byte)' ')
            value++;
        _dataLines.Add(new Range(value, end));
    }

    private SseSegment CutBetween()
    {
        var segment = new SseSegment(_buffer.AsMemory(_start, _line - _start), default, IsEvent: false);
        _start = _line;
        return segment;
    }

    private SseSegment Cut(bool isEvent)
    {
        if (!isEvent)
            return CutBetween();

        var segment = new SseSegment(_buffer.AsMemory(_start, _line - _start), JoinData(), IsEvent: true);
        _start = _line;
        _hasFields = false;
        _dataLines.Clear();
        return segment;
    }

    private ReadOnlyMemory<byte> JoinData()
    {
        if (_dataLines.Count == 0)
            return default;
        if (_dataLines.Count == 1)
            return _buffer.AsMemory(_dataLines[0]);

        var needed = _line - _start;
        if (_joined.Length < needed)
        {
            if (_joined.Length > 0)
                ArrayPool<byte>.Shared.Return(_joined);
            _joined = ArrayPool<byte>.Shared.Rent(needed);
        }

        var length = 0;
        for (var i = 0; i < _dataLines.Count; i++)
        {
            if (i > 0)
                _joined[length++] = (byte)'\n';
            var bytes = _buffer.AsSpan(_dataLines[i]);
            bytes.CopyTo(_joined.AsSpan(length));
            length += bytes.Length;
        }

        return _joined.AsMemory(0, length);
    }

    private void Compact()
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        for (var i = 0; i < _dataLines.Count; i++)
            _dataLines[i] = new Range(_dataLines[i].Start.Value - _start, _dataLines[i].End.Value - _start);
        (_line, _scan, _end) = (_line - _start, _scan - _start, _end - _start);
        _start = 0;
    }

    // A stream may stay open for hours after its last event, so its memory is released.
    private void Empty()
    {
        Dispose();
        (_start, _line, _scan, _end) = (0, 0, 0, 0);
        _dataLines.Capacity = 0;
    }

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        _buffer.AsSpan(0, _end).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
