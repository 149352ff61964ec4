using Gateway.Audit.Evidence;
using Gateway.Audit.Files;

namespace Gateway.Audit.Verifying;

/// <summary>Reads a log's records one after the other, over the ends of its files.</summary>
internal sealed class RecordWalk(IReadOnlyList<AuditFileName> files) : IDisposable
{
    private RecordLineReader? _reader;
    private Stream? _stream;
    private long _start;

    /// <summary>Where the next record begins.</summary>
    public LogPlace At { get; private set; }

    /// <summary>The number of the first file that is here; 0 for none.</summary>
    public int First { get; } = files.Count > 0 ? files[0].Number : 0;

    /// <summary>The number of the last one.</summary>
    public int Last { get; } = files.Count > 0 ? files[^1].Number : 0;

    /// <summary>Compressed files that could be read up to a place only.</summary>
    public SortedDictionary<int, LogPlace> Unreadable { get; } = [];

    /// <summary>Reads the same files from the beginning.</summary>
    public RecordWalk Again() => new(files);

    /// <summary>Goes to a place; what is not here has no records.</summary>
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

    /// <summary>True if a record may begin at a place: a file does there, or a line ended.</summary>
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
    /// The next record that begins before a place, or null: then <see cref="At"/> is there, or where the log ends or
    /// has a hole before it.
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

            // Half a line at the end of a file is none.
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
