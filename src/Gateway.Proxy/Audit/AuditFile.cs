using System.Globalization;
using Gateway.Proxy.Health;

namespace Gateway.Proxy.Audit;

/// <summary>
/// The audit log's files, <c>audit-NNNNNNNN.jsonl</c>: appended by one thread at a time, rotated by size, the oldest
/// deleted.
/// A batch that could not be written whole is cut off again, so that a file holds whole lines only.
/// </summary>
internal sealed class AuditFile : IDisposable
{
    private const string Pattern = "audit-*.jsonl";
    private readonly string _directory;
    private readonly long _bytesMax;
    private readonly int _filesMax;
    private readonly bool _flushToDisk;
    private readonly FileStream _lock;
    private FileStream? _stream;
    private long _length;
    private int _number;
    private int _abandoned;

    public AuditFile(string directory, long bytesMax, int filesMax, bool flushToDisk)
    {
        (_directory, _bytesMax, _filesMax, _flushToDisk) = (directory, bytesMax, filesMax, flushToDisk);
        Directory.CreateDirectory(directory);
        _lock = DataDirectory.Hold(directory, "audit");
        _number = Directory.EnumerateFiles(directory, Pattern).Select(Number).DefaultIfEmpty(0).Max();
    }

    /// <summary>
    /// Whether so many bytes go into the file that is open, so that none has to be opened or deleted.
    /// </summary>
    public bool HasRoom(int bytes) => _stream is not null && _length + bytes <= _bytesMax;

    /// <summary>
    /// Appends whole lines; on return they are with the kernel, or on the disk where that was asked for.
    /// </summary>
    /// <exception cref="IOException">Nothing of the batch counts as written.</exception>
    public void Append(ReadOnlySpan<byte> lines)
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
    }

    /// <summary>Writes so many bytes beside the log, where there is room for them, and takes them away.</summary>
    /// <exception cref="IOException">No record could be written there.</exception>
    public void Probe(int bytes)
    {
        var path = Path.Combine(_directory, ".probe");
        try
        {
            using var stream = DataDirectory.Owned(path, FileMode.Create, FileShare.Read);
            stream.Write(new byte[bytes]);
            stream.Flush(_flushToDisk);
        }
        finally
        {
            File.Delete(path);
        }
    }

    public void Dispose()
    {
        _stream?.Dispose();
        _lock.Dispose();
    }

    private FileStream Writable(int room)
    {
        _stream ??= OpenLast();
        if (_stream is not null && (_length == 0 || _length + room <= _bytesMax))
            return _stream;
        _stream?.Dispose();
        _stream = null;
        _stream = Open(++_number, FileMode.CreateNew);
        _length = 0;
        DeleteOldest();
        return _stream;
    }

    /// <summary>
    /// Goes on with the last file, so that restarts do not push older ones out; half a line that a crash left there is
    /// ended, not removed. Null where there is none, or where it was given up.
    /// </summary>
    private FileStream? OpenLast()
    {
        if (_number == 0 || _number == _abandoned)
            return null;
        var stream = Open(_number, FileMode.OpenOrCreate);
        _length = stream.Length;
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

    private FileStream Open(int number, FileMode mode)
    {
        var path = Path.Combine(_directory, $"audit-{number:D8}.jsonl");
        return DataDirectory.Owned(path, mode, FileShare.Read);
    }

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

    private void DeleteOldest()
    {
        var old = Directory.EnumerateFiles(_directory, Pattern).OrderByDescending(Number).Skip(_filesMax + 1);
        foreach (var path in old)
            File.Delete(path);
    }

    private static int Number(string path) =>
        int.TryParse(Path.GetFileNameWithoutExtension(path)["audit-".Length..], CultureInfo.InvariantCulture,
            out var n) ? n : 0;
}
