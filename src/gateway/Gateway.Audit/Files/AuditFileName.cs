using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;

namespace Gateway.Audit.Files;

/// <summary>A file of the audit log: <c>audit-NNNNNNNN.jsonl</c>, or with <c>.gz</c> once it is compressed.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Number">Its place in the log, from 1.</param>
/// <param name="IsPacked">Whether it is compressed.</param>
public readonly record struct AuditFileName(string Path, int Number, bool IsPacked)
{
    private const string Prefix = "audit-";
    private const string Plain = ".jsonl";
    private const string Packed = ".jsonl.gz";

    /// <summary>Bytes as they are kept; 0 once it is gone.</summary>
    public long Length => new FileInfo(Path) is { Exists: true } file ? file.Length : 0;

    /// <summary>When the last record was written, UTC.</summary>
    public DateTime LastWrite => File.GetLastWriteTimeUtc(Path);

    /// <summary>Bytes of its records; what a compressed file ends with says how many.</summary>
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

    /// <summary>Null where a path is none of the log's.</summary>
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

    /// <summary>Its records from a place on; it may be compressed meanwhile.</summary>
    /// <exception cref="IOException">It is gone, or cannot be read.</exception>
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

    /// <summary>The path that a written file has once it is compressed.</summary>
    public static string PackedOf(string plain) => plain + ".gz";

    /// <summary>The path of a file that is written.</summary>
    public static string PathOf(string directory, int number) => System.IO.Path.Combine(
        directory, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{number:D8}{Plain}"));

    private static FileStream OpenShared(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
}
