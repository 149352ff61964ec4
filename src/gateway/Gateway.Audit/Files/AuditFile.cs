using Gateway.Audit.Directories;
using Gateway.Audit.Evidence;
using Gateway.Audit.Sinks;

namespace Gateway.Audit.Files;

/// <summary>
/// The audit log's files, <c>audit-NNNNNNNN.jsonl</c>: appended by one thread at a time, rotated by size and each day.
/// What is no longer written is left to the <see cref="AuditArchive"/>.
/// A batch that could not be written whole is cut off again, so that a file holds whole lines only.
/// </summary>
internal sealed class AuditFile : IAuditSink, IDisposable
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private readonly string _directory;
    private readonly AuditArchive _archive;
    private readonly TimeProvider _time;
    private readonly bool _flushToDisk;
    private readonly EvidenceWriter? _evidence;
    private readonly FileStream _lock;
    private FileStream? _stream;
    private long _length;
    private int _number;
    private int _abandoned;
    private DateTimeOffset _began;
    private DateTimeOffset? _appended;

    /// <param name="directory">It is there; no other process may hold it.</param>
    /// <param name="archive">Takes over what is no longer written; ends with this.</param>
    /// <param name="time">Wall time.</param>
    /// <param name="flushToDisk">Whether a record survives the loss of power.</param>
    /// <param name="openEvidence">Opens what proves the records, once the directory is held; it ends with this.</param>
    public AuditFile(
        string directory, AuditArchive archive, TimeProvider time, bool flushToDisk,
        Func<EvidenceWriter>? openEvidence = null)
    {
        (_directory, _archive, _time, _flushToDisk) = (directory, archive, time, flushToDisk);
        _lock = DataDirectory.Hold(directory, "audit");
        _evidence = openEvidence?.Invoke();
        _number = AuditArchive.Files(directory).Select(static file => file.Number).DefaultIfEmpty(0).Max();
        archive.Start(_number);
    }

    /// <summary>
    /// Whether so many bytes go into the file that is open, so that none has to be opened or deleted.
    /// </summary>
    public bool HasRoom(int bytes) => _stream is not null && _length + bytes <= _archive.FileBytesMax;

    /// <summary>
    /// Appends whole lines; on return they are with the kernel, or on the disk where that was asked for.
    /// </summary>
    /// <exception cref="IOException">Nothing of the batch counts as written.</exception>
    public bool Append(ReadOnlySpan<byte> lines, long first)
    {
        var stream = Writable(lines.Length);
        try
        {
            stream.Write(lines);
            stream.Flush(_flushToDisk);
            _length += lines.Length;
        }
        catch (IOException)
        {
            Abandon();
            throw;
        }

        _archive.NoteWritten(lines.Length);
        _evidence?.Append(lines, new LogPlace(_number, _length));
        return true;
    }

    /// <summary>Writes so many bytes beside the log, where there is room for them, and takes them away.</summary>
    /// <exception cref="IOException">No record could be written there.</exception>
    public void Probe(int bytes)
    {
        if (!HasRoom(bytes))
            _archive.RequireRoom();
        DataDirectory.Probe(_directory, bytes, _flushToDisk);
        _evidence?.Tick();
    }

    public void Dispose()
    {
        _archive.Dispose();
        _evidence?.Dispose();
        _stream?.Dispose();
        _lock.Dispose();
    }

    private FileStream Writable(int room)
    {
        var stream = Rotated(room);
        if (_evidence is { HasBegun: false })
            AuditAdoption.Begin(_evidence, _directory, new LogPlace(_number, _length));
        return stream;
    }

    private FileStream Rotated(int room)
    {
        _stream ??= OpenLast();
        var (now, appended) = (_time.GetUtcNow(), _appended);
        _appended = now;
        if (_stream is not null
            && (_length == 0 || (_length + room <= _archive.FileBytesMax && now - _began < Day)))
        {
            return _stream;
        }

        _archive.RequireRoom();
        var next = Open(_number + 1, FileMode.CreateNew);
        if (_stream is not null)
            End(_stream, appended);
        _evidence?.Rotate(isWhole: _number != _abandoned);
        var left = _length;
        (_stream, _length, _began) = (next, 0, now);
        _archive.GoOn(++_number, left);
        return _stream;
    }

    /// <summary>Its age counts from the last record. The file system dates it by a clock that may be wrong.</summary>
    private static void End(FileStream stream, DateTimeOffset? appended)
    {
        using (stream)
        {
            try
            {
                if (appended is { } at)
                    File.SetLastWriteTimeUtc(stream.SafeFileHandle, at.UtcDateTime);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // A file system without times: the archive takes what it says.
            }
        }
    }

    /// <summary>
    /// Goes on with the last file, so that restarts do not push older ones out; half a line that a crash left there is
    /// ended, not removed. Null where there is none, or where it was given up.
    /// </summary>
    private FileStream? OpenLast()
    {
        var path = AuditFileName.PathOf(_directory, _number);
        if (_number == 0 || _number == _abandoned || !File.Exists(path))
            return null;
        var stream = Open(_number, FileMode.OpenOrCreate);
        (_length, _began) = (stream.Length, File.GetCreationTimeUtc(path));
        if (_length == 0)
            return stream;
        stream.Seek(-1, SeekOrigin.End);
        if (stream.ReadByte() != '\n')
        {
            stream.WriteByte((byte)'\n');
            _length++;
        }

        return stream;
    }

    private FileStream Open(int number, FileMode mode) =>
        DataDirectory.Owned(AuditFileName.PathOf(_directory, number), mode, FileShare.Read);

    private void Abandon()
    {
        try
        {
            _stream!.SetLength(_length);
        }
        catch (IOException)
        {
            // The next batch starts a file of its own; this one ends in half a line, as after a crash.
            _stream!.Dispose();
            _stream = null;
            _abandoned = _number;
        }
    }
}
