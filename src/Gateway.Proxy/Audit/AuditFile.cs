using System.Globalization;

namespace Gateway.Proxy.Audit;

/// <summary>
/// The audit log's files, <c>audit-NNNNNNNN.jsonl</c>: appended by one thread, rotated by size, the oldest deleted.
/// A batch that could not be written whole is cut off again, so that a file holds whole lines only.
/// </summary>
internal sealed class AuditFile : IDisposable
{
    private const string Pattern = "audit-*.jsonl";
    private readonly string _directory;
    private readonly long _bytesMax;
    private readonly int _filesMax;
    private readonly bool _flushToDisk;
    private FileStream? _stream;
    private long _length;
    private int _number;

    public AuditFile(string directory, long bytesMax, int filesMax, bool flushToDisk)
    {
        (_directory, _bytesMax, _filesMax, _flushToDisk) = (directory, bytesMax, filesMax, flushToDisk);
        Directory.CreateDirectory(directory);
        _number = Directory.EnumerateFiles(directory, Pattern).Select(Number).DefaultIfEmpty(0).Max();
    }

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

    public void Dispose() => _stream?.Dispose();

    private FileStream Writable(int room)
    {
        if (_stream is not null && (_length == 0 || _length + room <= _bytesMax))
            return _stream;
        _stream?.Dispose();
        _stream = null;
        // A new file at each start too: the last one may end in half a line after a crash.
        var path = Path.Combine(_directory, $"audit-{++_number:D8}.jsonl");
        _stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
        _length = 0;
        DeleteOldest();
        return _stream;
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
