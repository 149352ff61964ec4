using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;

namespace Gateway.Audit.Files;

/// <summary>A file of the audit log: <c>audit-NNNNNNNN.jsonl</c>, or <c>.jsonl.gz</c> once it is compressed.</summary>
/// <param name="Path">The file's path.</param>
/// <param name="Number">The file's position in the log, from 1.</param>
/// <param name="IsPacked">True if the file is compressed.</param>
public readonly record struct AuditFileName(string Path, int Number, bool IsPacked)
{
    private const string Prefix = "audit-";
    private const string Plain = ".jsonl";
    private const string Packed = ".jsonl.gz";

    /// <summary>Stored bytes; 0 once the file is gone.</summary>
    public long Length => new FileInfo(Path) is { Exists: true } file ? file.Length : 0;

    /// <summary>Time at which the last record was written, UTC.</summary>
    public DateTime LastWrite => File.GetLastWriteTimeUtc(Path);

    /// <summary>Bytes of the file's records; the trailer of a compressed file contains that number.</summary>
    public long RecordBytes
    {
        get
        {
            if (!IsPacked)
                return Length;
            using var stream = OpenShared(Path);
            Span<byte> end = stackalloc byte[sizeof(uint)];
            stream.Seek(-end.Length, SeekOrigin.End);
            stream.ReadExactly(end);
            return BinaryPrimitives.ReadUInt32LittleEndian(end);
        }
    }

    /// <summary>Returns null if the path is not a file of the log.</summary>
    public static AuditFileName? Of(string path)
    {
        var name = System.IO.Path.GetFileName(path);
        if (!name.StartsWith(Prefix, StringComparison.Ordinal))
            return null;
        var isPacked = name.EndsWith(Packed, StringComparison.Ordinal);
        if (!isPacked && !name.EndsWith(Plain, StringComparison.Ordinal))
            return null;
        var number = name[Prefix.Length..^(isPacked ? Packed : Plain).Length];
        return int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
            ? new AuditFileName(path, n, isPacked)
            : null;
    }

    /// <summary>Opens the file's records from an offset on, even if the file is compressed concurrently.</summary>
    /// <exception cref="IOException">The file is gone or cannot be read.</exception>
    public Stream Open(long start)
    {
        if (!IsPacked && File.Exists(Path))
        {
            var plain = OpenShared(Path);
            plain.Position = start;
            return plain;
        }

        var stream = new GZipStream(OpenShared(IsPacked ? Path : PackedOf(Path)), CompressionMode.Decompress);
        var skipped = new byte[64 * 1024];
        for (var left = start; left > 0;)
        {
            var read = stream.Read(skipped, 0, (int)Math.Min(left, skipped.Length));
            if (read == 0)
                break;
            left -= read;
        }

        return stream;
    }

    /// <summary>Returns the path that a written file has once it is compressed.</summary>
    public static string PackedOf(string plain) => plain + ".gz";

    /// <summary>Returns the path of a file that is being written.</summary>
    public static string PathOf(string directory, int number) => System.IO.Path.Combine(
        directory, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{number:D8}{Plain}"));

    private static FileStream OpenShared(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
}
