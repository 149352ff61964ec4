using System.Collections.Concurrent;
using System.IO.Compression;
using Gateway.Audit.Directories;
using Gateway.Audit.Evidence;
using Microsoft.Extensions.Logging;

namespace Gateway.Audit.Files;

/// <summary>
/// The audit log's closed files, <c>audit-NNNNNNNN.jsonl.gz</c>. A dedicated thread compresses them, and deletes them
/// by age and, oldest first, by total size.
/// </summary>
public sealed partial class AuditArchive : IDisposable
{
    private const string Unfinished = ".unfinished";
    private const long UnknownVolumeBytes = 4L << 30;
    private const int FoldedBytes = 600;
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan PaceEvery = TimeSpan.FromSeconds(1);
    private readonly string _directory;
    private readonly AuditRetention _retention;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly AuditPace _pace;
    private readonly ConcurrentDictionary<string, int> _holds = new(StringComparer.Ordinal);
    private readonly Lock _changing = new();
    private readonly AutoResetEvent _wake = new(initialState: true);
    private readonly Thread _thread;
    private volatile bool _isClosed;
    private volatile int _current;
    private volatile bool _isTight;
    private long _paceSeen;
    private long _keptBytes;
    private long _oldestTicks;
    private long _droppedFiles;
    private long _droppedBytes;
    private long _plainBytes;
    private long _packedBytes;
    private long _folded;

    /// <param name="directory">The directory of the files.</param>
    /// <param name="retention">Limits on the age and size of the files.</param>
    /// <param name="fileBytesMax">Maximum size of a file; an eighth of the total is used if that is less.</param>
    /// <param name="time">Measures age.</param>
    /// <param name="logger">Logs deletions and failures.</param>
    public AuditArchive(
        string directory, AuditRetention retention, long fileBytesMax, TimeProvider time, ILogger logger)
    {
        (_directory, _retention, _time, _logger) = (directory, retention, time, logger);
        Directory.CreateDirectory(directory);
        _pace = new AuditPace(time);
        _paceSeen = time.GetTimestamp();
        BytesMax = retention.BytesMax ?? ShareOf(directory);
        FileBytesMax = Math.Min(fileBytesMax, BytesMax / 8);
        _keptBytes = Files(directory).Sum(static file => file.Length);
        _thread = new Thread(Run)
        {
            IsBackground = true,
            Name = "audit archive",
            Priority = ThreadPriority.BelowNormal,
        };
    }

    /// <summary>Maximum bytes of all files together.</summary>
    public long BytesMax { get; }

    /// <summary>
    /// Size at which a file is full. It is small enough that deleting one file leaves most of the log.
    /// </summary>
    public long FileBytesMax { get; }

    /// <summary>Bytes of all files, including the current one.</summary>
    public long KeptBytes => Volatile.Read(ref _keptBytes) + CurrentBytes();

    /// <summary>Free bytes on the volume; null if the system does not report them.</summary>
    public long? FreeBytes => Volume.Read(_directory, static volume => volume.AvailableFreeSpace, out _);

    /// <summary>The size of its volume; null if unknown.</summary>
    public long? VolumeBytes => Volume.Read(_directory, static volume => volume.TotalSize, out _);

    /// <summary>Time of the last write to the oldest closed file; null while only the current file exists.</summary>
    public DateTimeOffset? Oldest =>
        Volatile.Read(ref _oldestTicks) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>Number of files that were deleted before their age because space ran out.</summary>
    public long DroppedFiles => Volatile.Read(ref _droppedFiles);

    /// <summary>Bytes of these files as stored.</summary>
    public long DroppedBytes => Volatile.Read(ref _droppedBytes);

    /// <summary>Stored bytes per byte of records after compression.</summary>
    public double Ratio
    {
        get
        {
            var plain = Volatile.Read(ref _plainBytes);
            return plain == 0 ? 1.0 / 6 : Math.Max(0.01, (double)Volatile.Read(ref _packedBytes) / plain);
        }
    }

    /// <summary>
    /// True if the files would not hold a week of records (or <see cref="AuditRetention.Age"/> if that is less) at the
    /// current rate, so that the records of a flood would displace earlier ones. Read at each refusal, but recomputed
    /// at most once a second.
    /// </summary>
    public bool IsTight
    {
        get
        {
            var seen = Volatile.Read(ref _paceSeen);
            if (_time.GetElapsedTime(seen) >= PaceEvery
                && Interlocked.CompareExchange(ref _paceSeen, _time.GetTimestamp(), seen) == seen)
            {
                _isTight = !_retention.DeniesWhenFull
                    && _pace.BytesPerSecond * Ratio * Least.TotalSeconds > BytesMax;
            }

            return _isTight;
        }
    }

    private TimeSpan Least => _retention.Age is { } age && age < Week ? age : Week;

    /// <summary>Number of refusals that appear only in counted records.</summary>
    public long Folded => Volatile.Read(ref _folded);

    /// <summary>Raised when a file is about to be deleted.</summary>
    public event Action<AuditFileName>? Deleting;

    /// <summary>Keeps the files from this number on until the same holder sets another number.</summary>
    public void Hold(string holder, int number) => _holds[holder] = number;

    private int HeldFrom => _holds.IsEmpty ? int.MaxValue : _holds.Values.Min();

    /// <summary>Counts bytes of records that were written.</summary>
    public void NoteWritten(long bytes) => _pace.Add(bytes);

    /// <summary>Counts a refusal that has no record of its own.</summary>
    public void Fold()
    {
        Interlocked.Increment(ref _folded);
        // Adds about what its record would have taken, so that folding does not switch itself off.
        _pace.Add(FoldedBytes);
    }

    /// <summary>Throws if another file must not be started.</summary>
    /// <exception cref="IOException">The log has reached its maximum size and no file of it may be deleted.</exception>
    public void RequireRoom()
    {
        if (HeldFrom is < int.MaxValue and var held
            && Files(_directory).Where(file => file.Number >= held).Sum(static file => file.Length)
                + FileBytesMax > BytesMax)
        {
            throw new IOException($"the audit log has reached its maximum of {BytesMax} bytes, and a sink with "
                + "\"on_full\": \"block\" has not received all records yet: fix the sink, or raise --audit-bytes");
        }

        if (!_retention.DeniesWhenFull || Volatile.Read(ref _keptBytes) + FileBytesMax <= BytesMax)
            return;
        _wake.Set(); // the files may have been moved away
        throw new IOException($"the audit log has reached its maximum of {BytesMax} bytes and must keep every record: "
            + "move its oldest files away, or raise --audit-bytes");
    }

    /// <summary>Returns the complete files of the log in a directory.</summary>
    public static IEnumerable<AuditFileName> Files(string directory)
    {
        if (!Directory.Exists(directory))
            yield break;
        foreach (var path in Directory.EnumerateFiles(directory, "audit-*"))
        {
            if (AuditFileName.Of(path) is { } name)
                yield return name;
        }
    }

    /// <summary>
    /// Returns the complete files in order, one for each number: while a file is being compressed, both forms may
    /// exist.
    /// </summary>
    public static IEnumerable<AuditFileName> InOrder(string directory) => Files(directory)
        .GroupBy(static file => file.Number, static (_, files) => files.OrderBy(static file => file.IsPacked).First())
        .OrderBy(static file => file.Number);

    /// <summary>Starts the thread that maintains closed files.</summary>
    /// <param name="current">The number of the file that is being written.</param>
    public void Start(int current)
    {
        _current = current;
        Volatile.Write(ref _keptBytes, Left(current).Sum(static file => file.Length));
        _thread.Start();
    }

    /// <summary>Reports that the log continues with this file, so that earlier ones are no longer written.</summary>
    public void GoOn(int current, long leftBytes)
    {
        _current = current;
        Interlocked.Add(ref _keptBytes, leftBytes);
        _wake.Set();
    }

    /// <summary>
    /// Replaces the records of closed files while no other thread compresses or deletes files. A kill leaves each file
    /// as it was, or replaced.
    /// </summary>
    /// <param name="numbers">The files' numbers; files that no longer exist are skipped.</param>
    /// <param name="copy">Copies the records of a file from the first stream to the second one.</param>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public void Rewrite(IReadOnlyCollection<int> numbers, Action<int, Stream, Stream> copy)
    {
        lock (_changing)
        {
            foreach (var file in InOrder(_directory).Where(file => numbers.Contains(file.Number)).ToList())
            {
                if (file.Number >= _current)
                    throw new IOException($"{file.Path} is still being written");
                using (var records = file.Open(0))
                    Replace(file, to => copy(file.Number, records, to));
            }
        }
    }

    /// <summary>Stops the thread. Files that are not yet compressed are processed after the next start.</summary>
    public void Dispose()
    {
        _isClosed = true;
        _wake.Set();
        if (_thread.IsAlive)
            _thread.Join();
        _wake.Dispose();
    }

    private void Run()
    {
        while (!_isClosed)
        {
            try
            {
                lock (_changing)
                {
                    RemoveUnfinished();
                    Tend();
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                LogUntended(SystemError.Words(e));
            }

            _wake.WaitOne(LookEvery);
        }
    }

    private void Tend()
    {
        var current = _current;
        foreach (var file in Files(_directory).Where(file => !file.IsPacked && file.Number < current).ToList())
        {
            if (_isClosed)
                return;
            Pack(file);
        }

        Delete(current);
    }

    private void Pack(AuditFileName file)
    {
        if (!File.Exists(AuditFileName.PackedOf(file.Path)))
        {
            using var from = new FileStream(file.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            Interlocked.Add(ref _packedBytes, Replace(file, from.CopyTo));
            Interlocked.Add(ref _plainBytes, from.Length);
        }
        else
            File.Delete(file.Path);
    }

    /// <summary>Replaces a file by a compressed one with these records; returns its bytes.</summary>
    private static long Replace(AuditFileName file, Action<Stream> copyTo)
    {
        var packed = file.IsPacked ? file.Path : AuditFileName.PackedOf(file.Path);
        var unfinished = packed + Unfinished;
        long bytes;
        using (var to = DataDirectory.Owned(unfinished, FileMode.Create, FileShare.None))
        {
            using (var gzip = new GZipStream(to, CompressionLevel.Fastest, leaveOpen: true))
                copyTo(gzip);
            to.Flush(flushToDisk: true);
            bytes = to.Length;
        }

        File.SetLastWriteTimeUtc(unfinished, File.GetLastWriteTimeUtc(file.Path));
        File.Move(unfinished, packed, overwrite: true);
        // Delete only now, so that at every instant at least one complete file contains the records.
        if (!file.IsPacked)
            File.Delete(file.Path);
        return bytes;
    }

    /// <summary>Returns the files that are no longer written.</summary>
    private IEnumerable<AuditFileName> Left(int current) =>
        Files(_directory).Where(file => file.Number < current);

    private long CurrentBytes()
    {
        var file = new FileInfo(AuditFileName.PathOf(_directory, _current));
        return file.Exists ? file.Length : 0;
    }

    private void Delete(int current)
    {
        var kept = Left(current).OrderBy(static file => file.Number).ToList();
        var ended = _retention.Age is { } age ? _time.GetUtcNow().UtcDateTime - age : DateTime.MinValue;
        var bytes = kept.Sum(static file => file.Length);
        // The current file needs its room too, both before and after it is compressed.
        var bound = BytesMax - FileBytesMax;
        var first = 0;
        for (; first < kept.Count; first++)
        {
            var file = kept[first];
            var isOld = file.LastWrite < ended;
            if (file.Number >= HeldFrom || !isOld && (_retention.DeniesWhenFull || bytes <= bound))
                break;
            var length = file.Length;
            Deleting?.Invoke(file);
            File.Delete(file.Path);
            bytes -= length;
            if (!isOld)
                NoteDropped(file, length);
        }

        Volatile.Write(ref _keptBytes, bytes);
        Volatile.Write(ref _oldestTicks, first < kept.Count ? kept[first].LastWrite.Ticks : 0);
        EvidenceFolder.Trim(_directory, first < kept.Count ? kept[first].Number : current);
    }

    private void NoteDropped(AuditFileName file, long length)
    {
        Interlocked.Increment(ref _droppedFiles);
        Interlocked.Add(ref _droppedBytes, length);
        LogDropped(file.LastWrite, BytesMax);
    }

    private void RemoveUnfinished()
    {
        foreach (var path in Directory.EnumerateFiles(_directory, $"*{Unfinished}"))
            File.Delete(path);
    }

    private static long ShareOf(string directory) =>
        Volume.Read(directory, static volume => volume.TotalSize, out _) is { } total
            ? Math.Max(AuditRetention.BytesMaxLeast, (long)(total * AuditRetention.VolumeShare))
            : UnknownVolumeBytes;

    [LoggerMessage(4, LogLevel.Warning,
        "The audit log reached its maximum of {BytesMax} bytes; its oldest file, which ended {LastWrite:s}Z, was "
            + "deleted")]
    private partial void LogDropped(DateTime lastWrite, long bytesMax);

    [LoggerMessage(5, LogLevel.Warning, "The audit log's older files could not be maintained ({Fault}); retrying")]
    private partial void LogUntended(string fault);
}
