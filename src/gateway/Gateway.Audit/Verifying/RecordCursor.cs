using Gateway.Audit.Evidence;
using Gateway.Audit.Files;

namespace Gateway.Audit.Verifying;

/// <summary>Reads a log's records sequentially across the boundaries of its files.</summary>
internal sealed class RecordCursor(IReadOnlyList<AuditFileName> files) : IDisposable
{
    private RecordLineReader? _reader;
    private Stream? _stream;
    private long _start;

    /// <summary>Place where the next record begins.</summary>
    public LogPlace At { get; private set; }

    /// <summary>Number of the first available file; 0 if there are none.</summary>
    public int First { get; } = files.Count > 0 ? files[0].Number : 0;

    /// <summary>Number of the last available file.</summary>
    public int Last { get; } = files.Count > 0 ? files[^1].Number : 0;

    /// <summary>Compressed files that are readable only up to a place.</summary>
    public SortedDictionary<int, LogPlace> Unreadable { get; } = [];

    /// <summary>Returns a reader of the same files, at the beginning.</summary>
    public RecordCursor Again() => new(files);

    /// <summary>Moves to a place; missing files contain no records.</summary>
    public void Go(LogPlace place)
    {
        if (_reader is not null && place == At)
            return;
        Close();
        (At, _start) = (place, place.Offset);
        if (files.FirstOrDefault(file => file.Number == place.File) is not { Number: > 0 } found)
            return;
        try
        {
            _stream = found.Open(place.Offset);
            _reader = new RecordLineReader(_stream);
        }
        catch (InvalidDataException)
        {
            Unreadable[place.File] = place;
        }
    }

    /// <summary>Returns true if a record may begin at a place: a file begins there, or a line ends there.</summary>
    public bool BeginsLine(LogPlace place)
    {
        if (files.FirstOrDefault(file => file.Number == place.File) is not { Number: > 0 } found)
            return false;
        if (place.Offset == 0)
            return true;
        try
        {
            using var stream = found.Open(place.Offset - 1);
            return stream.ReadByte() == '\n';
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    /// <summary>
    /// Returns the next record that begins before a place, or null. In that case <see cref="At"/> is that place, or an
    /// earlier place where the log ends or has a gap.
    /// </summary>
    public byte[]? Read(LogPlace until)
    {
        while (At < until)
        {
            if (ReadLine() is { } line)
            {
                At = At with { Offset = _start + _reader!.Consumed };
                return line;
            }

            // A partial line at the end of a file is not a record.
            if (At.File >= until.File || files.All(file => file.Number != At.File + 1))
                return null;
            Go(new LogPlace(At.File + 1, 0));
        }

        return null;
    }

    public void Dispose() => Close();

    private byte[]? ReadLine()
    {
        try
        {
            return _reader?.Read();
        }
        catch (InvalidDataException)
        {
            Unreadable[At.File] = At;
            return null;
        }
    }

    private void Close()
    {
        _reader?.Dispose();
        _stream?.Dispose();
        (_reader, _stream) = (null, null);
    }
}
