using Gateway.Audit.Directories;
using Gateway.Audit.Evidence;
using Gateway.Audit.Sinks;

namespace Gateway.Audit.Files;

/// <summary>
/// The audit log's files, <c>audit-NNNNNNNN.jsonl</c>: appended by one thread at a time, and rotated by size and once a
/// day. The <see cref="AuditArchive"/> takes over closed files. A batch that could not be written completely is
/// truncated again, so that a file contains only whole lines.
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
    private volatile bool _isEnding;

    /// <param name="directory">An existing directory that no other process has locked.</param>
    /// <param name="archive">Takes over closed files; disposed with this object.</param>
    /// <param name="time">Wall time.</param>
    /// <param name="flushToDisk">True if a record survives the loss of power.</param>
    /// <param name="openEvidence">
    /// Opens the evidence of the records once the directory is locked; disposed with this object.
    /// </param>
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
    /// Returns true if this many bytes fit the open file, so that no file has to be opened or deleted.
    /// </summary>
    public bool HasRoom(int bytes) => _stream is not null && !_isEnding && _length + bytes <= _archive.FileBytesMax;

    /// <summary>Begins a new file with the next record. Any thread may call it.</summary>
    public void EndFile() => _isEnding = true;

    /// <summary>Appends whole lines. On return the kernel has them, or the disk if that was requested.</summary>
    /// <exception cref="IOException">None of the batch counts as written.</exception>
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

    /// <summary>Writes this many bytes beside the log to prove that there is room, then deletes them.</summary>
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
            && (_length == 0 || (!_isEnding && _length + room <= _archive.FileBytesMax && now - _began < Day)))
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
        _isEnding = false;
        _archive.GoOn(++_number, left);
        return _stream;
    }

    /// <summary>
    /// Closes a file and sets its time to that of the last record, because the file system's clock may be wrong.
    /// </summary>
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
                // The file system does not store times; the archive uses whatever it reports.
            }
        }
    }

    /// <summary>
    /// Continues the last file, so that restarts do not displace older files. A partial line that a crash left is
    /// ended, not removed. Returns null if there is no file or if the last one was abandoned.
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
            // The next batch starts a new file; this one ends in a partial line, as after a crash.
            _stream!.Dispose();
            _stream = null;
            _abandoned = _number;
        }
    }
}
