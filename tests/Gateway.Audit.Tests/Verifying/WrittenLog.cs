using System.IO.Compression;
using Gateway.Audit.Evidence;
using Gateway.Audit.Files;
using Gateway.Audit.Verifying;

namespace Gateway.Audit.Tests.Verifying;

/// <summary>A log on disk that a test writes, kills, goes on with and spoils.</summary>
internal sealed class WrittenLog : IDisposable
{
    /// <summary>Records of a file here: each has the same length, so that none moves when one is changed.</summary>
    public const int EachFile = 20;

    private const int RecordBytes = 200;
    private readonly TestFolder _folder = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private int _written;
    private int _copies;

    public string Directory { get; private init; }

    public WrittenLog() => Directory = Path.Combine(_folder.Path, "audit");

    private WrittenLog(string directory) => Directory = directory;

    public int Written => _written;

    /// <summary>Writes so many records, a checkpoint after each fifth; ends in order unless it is killed.</summary>
    public WrittenLog Write(
        int records, bool isKilled = false, string? key = null, bool hasEvidence = true, long adoptedBytesMax = 1 << 20)
    {
        var archive = new AuditArchive(
            Directory, new AuditRetention { Age = null, BytesMax = 64 << 20 },
            EachFile * RecordBytes, _time, NullLogger<AuditLog>.Instance);
        using var file = new AuditFile(Directory, archive, _time, flushToDisk: false, !hasEvidence ? null : () => new(
            Directory, new EvidenceOptions { KeyPath = key, AdoptedBytesMax = adoptedBytesMax }, false, _time,
            NullLogger<AuditLog>.Instance));
        for (var i = 0; i < records; i++)
        {
            file.Append(Record(_written++), 0);
            _time.Advance(TimeSpan.FromSeconds(12.5));
        }

        return isKilled ? Copy() : this;
    }

    /// <summary>Lets the archive look after the files until something is so.</summary>
    public async Task TendAsync(AuditRetention retention, Func<bool> isDone)
    {
        var archive = new AuditArchive(
            Directory, retention, EachFile * RecordBytes, _time, NullLogger<AuditLog>.Instance);
        using var file = new AuditFile(Directory, archive, _time, flushToDisk: false);
        await Soon.UntilAsync(isDone, "the archive has done it");
    }

    /// <summary>The directory as it lies there now, which is what a killed process leaves.</summary>
    public WrittenLog Copy()
    {
        var copy = new WrittenLog(Path.Combine(_folder.Path, $"copy{++_copies}")) { _written = _written };
        for (var tries = 1; !TryCopyAll(Directory, copy.Directory) && tries < 100; tries++)
            System.IO.Directory.Delete(copy.Directory, recursive: true);
        copy.Unpack();
        return copy;
    }

    /// <summary>False where a file was packed meanwhile, so that the copy has neither of the two.</summary>
    private static bool TryCopyAll(string from, string to)
    {
        try
        {
            CopyAll(from, to);
            return true;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }

    public VerifyReport Verify(IReadOnlyList<OutsideCheckpoint>? outside = null, IReadOnlyList<string>? keys = null) =>
        AuditVerifier.Verify(Directory, outside ?? [], keys ?? []);

    /// <summary>The newest checkpoint, as an auditor would have kept it.</summary>
    public IReadOnlyList<OutsideCheckpoint> Keep() =>
        AuditVerifier.ReadOutside("kept", File.ReadAllText(Path.Combine(Directory, "evidence", "checkpoint")));

    public string PathOf(int file) => AuditFileName.PathOf(Directory, file);

    public List<string> Lines(int file) => [.. File.ReadAllLines(PathOf(file))];

    public void Change(int file, Action<List<string>> change)
    {
        var lines = Lines(file);
        change(lines);
        File.WriteAllText(PathOf(file), string.Concat(lines.Select(static line => line + "\n")));
    }

    /// <summary>Makes every file plain again, so that a test can change it.</summary>
    public WrittenLog Unpack()
    {
        foreach (var packed in System.IO.Directory.GetFiles(Directory, "*.gz"))
        {
            using (var from = new GZipStream(File.OpenRead(packed), CompressionMode.Decompress))
            using (var to = File.Create(packed[..^".gz".Length]))
                from.CopyTo(to);
            File.Delete(packed);
        }

        return this;
    }

    public void Dispose() => _folder.Dispose();

    private static byte[] Record(int number) => Encoding.UTF8.GetBytes(
        $$"""{"kind":"decision","n":{{number:D6}},"filler":"{{new string('x', RecordBytes)}}"}"""[..(RecordBytes - 3)]
        + "\"}\n");

    private static void CopyAll(string from, string to)
    {
        System.IO.Directory.CreateDirectory(to);
        foreach (var path in System.IO.Directory.GetFiles(from))
        {
            if (Path.GetFileName(path) != "lock" && !path.EndsWith(".unfinished", StringComparison.Ordinal))
                File.Copy(path, Path.Combine(to, Path.GetFileName(path)));
        }

        foreach (var path in System.IO.Directory.GetDirectories(from))
            CopyAll(path, Path.Combine(to, Path.GetFileName(path)));
    }
}
