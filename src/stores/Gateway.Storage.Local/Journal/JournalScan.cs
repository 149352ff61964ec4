namespace Gateway.Storage.Local.Journal;

/// <summary>
/// Reads a journal from its start. A torn last frame is discarded. A bad frame followed by a good one is corruption,
/// and a corrupt journal is never used, because a lost count would admit calls twice.
/// </summary>
internal sealed class JournalScan
{
    private const int ChunkBytes = 1024 * 1024;

    private readonly IJournalFile _file;
    private readonly JournalReader _reader = new();
    private byte[] _buffer = new byte[ChunkBytes];
    private long _bufferOffset;
    private int _bufferLength;
    private long _offset;
    private long _badSince; // start of the current bad range; -1 outside of one
    private uint? _order;

    private JournalScan(IJournalFile file) => _file = file;

    /// <summary>The state from the good frames.</summary>
    public JournalState State => _reader.State;

    /// <summary>Number of good frames.</summary>
    public long Frames { get; private set; }

    /// <summary>Ranges of bytes that are not a good frame: offset and length.</summary>
    public List<(long Offset, long Length)> BadStretches { get; } = [];

    /// <summary>
    /// Offset of an intact frame that contains something unknown to this version, such as a counter of another kind;
    /// null if there is none, or if earlier damage may be the cause.
    /// </summary>
    public long? UnknownAt { get; private set; }

    /// <summary>True if the only bad range is one torn frame at the end.</summary>
    public bool IsUsable =>
        BadStretches.Count == 0 || (BadStretches is [var (offset, length)] && offset + length == _file.Length
            && length <= JournalFormat.PayloadBytesMax + JournalFormat.FrameHeadLength);

    /// <summary>Number of bytes before a torn frame at the end, or of the whole file.</summary>
    public long WholeLength => BadStretches is [.., var (offset, _)] ? offset : _file.Length;

    /// <summary>Reads the whole file, good and bad frames.</summary>
    /// <exception cref="JournalException">The file is not a journal, or has a newer format.</exception>
    public static JournalScan Read(IJournalFile file, string name)
    {
        var scan = new JournalScan(file);
        var version = JournalFormat.ReadFileHead(scan.Peek(0, JournalFormat.FileHeadLength));
        if (version is null)
            throw new JournalException(
                $"{name} does not begin with the header of a journal. Restore it, or start once with --repair.");
        if (version > JournalFormat.Version)
            throw new JournalException(
                $"{name} has format {version}; this version reads formats up to {JournalFormat.Version}. "
                + "Use a newer version.");
        scan.ReadFrames();
        return scan;
    }

    /// <summary>Reads every intact frame, even after a damaged head.</summary>
    /// <exception cref="JournalException">The file has a newer format.</exception>
    public static JournalScan Salvage(IJournalFile file, string name)
    {
        var head = new byte[JournalFormat.FileHeadLength];
        if (JournalFormat.ReadFileHead(head.AsSpan(0, file.Read(0, head))) is not null) return Read(file, name);
        var scan = new JournalScan(file);
        scan.BadStretches.Add((0, 0));
        scan.ReadFrames();
        return scan;
    }

    private void ReadFrames()
    {
        _offset = JournalFormat.FileHeadLength;
        _badSince = -1;
        while (_offset < _file.Length)
        {
            var length = TryFrame();
            if (length > 0 && _badSince >= 0)
            {
                BadStretches.Add((_badSince, _offset - _badSince));
                _badSince = -1;
            }

            if (length < 0 && _badSince < 0) _badSince = _offset;
            _offset += Math.Max(1, length);
        }

        if (_badSince >= 0) BadStretches.Add((_badSince, _file.Length - _badSince));
    }

    /// <summary>Applies the frame at the current offset and returns its length; -1 if there is no good frame.</summary>
    private int TryFrame()
    {
        var payload = JournalFormat.ReadPayloadLength(Peek(_offset, JournalFormat.FrameHeadLength), out var order);
        if (payload < 0) return -1;
        var length = payload + JournalFormat.FrameHeadLength;
        var frame = Peek(_offset, length);
        if (frame.Length < length || !JournalFormat.IsWhole(frame)) return -1;
        var follows = _order is null || order == _order + 1;
        // A damaged range that ends here explains a gap or a counter without its name, so only the range is reported.
        if (!follows && BadStretches.Count == 0 && _badSince < 0 && Frames > 0) BadStretches.Add((_offset, 0));
        if (!_reader.TryApply(frame[JournalFormat.FrameHeadLength..]) && _badSince < 0)
        {
            if (BadStretches.Count == 0) UnknownAt = _offset;
            BadStretches.Add((_offset, 0));
        }

        _order = order;
        Frames++;
        return length;
    }

    private ReadOnlySpan<byte> Peek(long offset, int length)
    {
        var isThere = offset >= _bufferOffset && offset + length <= _bufferOffset + _bufferLength;
        if (!isThere) Fill(offset, length);
        var start = (int)(offset - _bufferOffset);
        return _buffer.AsSpan(start, Math.Min(length, _bufferLength - start));
    }

    private void Fill(long offset, int length)
    {
        if (_buffer.Length < length) _buffer = new byte[length + ChunkBytes];
        (_bufferOffset, _bufferLength) = (offset, 0);
        while (_bufferLength < _buffer.Length)
        {
            var read = _file.Read(offset + _bufferLength, _buffer.AsSpan(_bufferLength));
            if (read == 0) return;
            _bufferLength += read;
        }
    }
}
