using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Gateway.Catalogue.Classifying;

namespace Gateway.Catalogue.Indexing;

/// <summary>
/// A searchable index: the terms are in memory, while postings and texts are read on demand. It is immutable, and
/// replaced as a whole.
/// </summary>
public sealed class CatalogueIndex
{
    private const int CheckBytes = 1 << 20;
    private readonly IndexBytes _bytes;
    private readonly IndexHeader _header;

    private CatalogueIndex(IndexBytes bytes)
    {
        _bytes = bytes;
        var header = new byte[Math.Min(IndexFormat.HeaderLength, bytes.Length)];
        bytes.Read(0, header);
        _header = IndexHeader.Read(header, bytes.Length);
        Tables = new IndexTables(bytes, _header);
    }

    /// <summary>The number of servers.</summary>
    public int Servers => _header.Servers;

    /// <summary>The number of tools.</summary>
    public int Tools => _header.Entries - _header.Servers;

    /// <summary>The time of its creation.</summary>
    public DateTimeOffset MadeAt => DateTimeOffset.FromUnixTimeMilliseconds(_header.MadeAtMs);

    /// <summary>True if it was built from a published catalogue, false if from an import.</summary>
    public bool IsPublished => _header.IsPublished;

    internal IndexTables Tables { get; }

    /// <summary>Opens an index after verifying all of it.</summary>
    /// <exception cref="IndexException">
    /// The file is not an index, is damaged or has another version; the message contains the next step.
    /// </exception>
    public static CatalogueIndex Open(string path)
    {
        try
        {
            var file = File.OpenHandle(
                path, share: FileShare.ReadWrite | FileShare.Delete, options: FileOptions.RandomAccess);
            try
            {
                var bytes = new IndexBytes(file);
                Check(bytes);
                return new CatalogueIndex(bytes);
            }
            catch
            {
                file.Dispose();
                throw;
            }
        }
        catch (Exception e) when (e is IndexException or OverflowException or IOException
            or UnauthorizedAccessException)
        {
            var why = e is IndexException ? e.Message : $"cannot be read: {e.Message}";
            throw new IndexException($"The index {path} {why}. Create the index again: gateway catalogue import FILE, "
                + "or gateway catalogue update", e);
        }
    }

    /// <summary>Opens an index that was written to memory.</summary>
    public static CatalogueIndex Of(ReadOnlyMemory<byte> bytes) => new(new IndexBytes(bytes));

    /// <summary>Returns the matches for the words of a query, and the number of matches of each kind.</summary>
    /// <exception cref="IndexException">The index was damaged after it was opened.</exception>
    public SearchAnswer Search(SearchQuestion question)
    {
        ArgumentNullException.ThrowIfNull(question);
        return new IndexSearch(this, question).Run();
    }

    /// <summary>Returns each server with the number of its tools of each category.</summary>
    /// <exception cref="IndexException">The index was damaged after it was opened.</exception>
    internal IEnumerable<(IndexedServer Server, IReadOnlyDictionary<ToolCategory, int> Categories)> AllServers()
    {
        for (var server = 0; server < Tables.Servers; server++)
        {
            var (first, end) = Tables.EntriesOf(server);
            var categories = Enumerable.Range(first + 1, end - first - 1)
                .CountBy(entry => (ToolCategory)(IndexFormat.KindOf(Tables.Marks[entry]) / 4)).ToDictionary();
            yield return (ReadServer(first), categories);
        }
    }

    /// <summary>Moves the entries that have a term from one stage to the next.</summary>
    internal void Raise(int term, int stage, ReadOnlySpan<byte> weights, Span<ushort> states)
    {
        var (start, length) = Tables.Postings(term);
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        var postings = buffer.AsSpan(0, length);
        _bytes.Read(start, postings);
        PostingList.Raise(postings, stage, weights, states);
        ArrayPool<byte>.Shared.Return(buffer);
    }

    internal IndexedTool ReadTool(int entry)
    {
        var one = ReadEntry(entry);
        var kind = IndexFormat.KindOf(Tables.Marks[entry]);
        return new IndexedTool(
            Tables.ServerName(Tables.ServerOf(entry)), one.Name, one.Title, one.Description, (ToolCategory)(kind / 4),
            (RiskLevel)(kind % 4), one.Confidence / 100.0)
        {
            Parameters = one.First,
            Rule = one.Second,
            Reason = one.Third,
        };
    }

    internal IndexedServer ReadServer(int entry)
    {
        var one = ReadEntry(entry);
        var server = Tables.ServerOf(entry);
        return new IndexedServer(one.Name, one.Description, Tables.EndOf(server) - entry - 1,
            new ServerOrigin(one.First, one.Second, (KnownTransport)Tables.Transports[server]));
    }

    private static void Check(IndexBytes bytes)
    {
        var header = new byte[Math.Min(IndexFormat.HeaderLength, bytes.Length)];
        bytes.Read(0, header);
        var expected = IndexHeader.Read(header, bytes.Length).Checksum;
        var buffer = new byte[CheckBytes];
        var checksum = 0u;
        for (long at = IndexFormat.HeaderLength; at < bytes.Length; at += buffer.Length)
        {
            var part = buffer.AsSpan(0, (int)Math.Min(buffer.Length, bytes.Length - at));
            bytes.Read(at, part);
            checksum = IndexFormat.Checksum(checksum, part);
        }

        if (checksum != expected)
            throw new IndexException("is damaged: its checksum does not match its content");
    }

    private Entry ReadEntry(int entry)
    {
        var (start, length) = Tables.Block(entry / IndexFormat.BlockEntries);
        var packed = ArrayPool<byte>.Shared.Rent(length);
        _bytes.Read(start, packed.AsSpan(0, length));
        var rawLength = length < sizeof(int) ? -1 : BinaryPrimitives.ReadInt32LittleEndian(packed);
        if (rawLength is < 0 or > IndexFormat.BlockBytesMax)
            throw new IndexException("is damaged in its texts");
        var raw = ArrayPool<byte>.Shared.Rent(rawLength);
        try
        {
            if (!BrotliDecoder.TryDecompress(packed.AsSpan(sizeof(int), length - sizeof(int)), raw, out var unpacked)
                || unpacked != rawLength)
            {
                throw new IndexException("is damaged in its texts");
            }

            using var reader = new BinaryReader(new MemoryStream(raw, 0, rawLength), Encoding.UTF8);
            string? Text() => reader.ReadString() is { Length: > 0 } text ? text : null;
            for (var skip = entry % IndexFormat.BlockEntries; ; skip--)
            {
                var read = new Entry(reader.ReadString(), Text(), Text(), reader.ReadByte());
                if (_header.Version != IndexFormat.VersionWithoutFacts)
                    read = read with { First = Text(), Second = Text(), Third = Text() };
                if (skip == 0)
                    return read;
            }
        }
        catch (Exception e) when (e is IOException or FormatException)
        {
            throw new IndexException("is damaged in its texts", e);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(packed);
            ArrayPool<byte>.Shared.Return(raw);
        }
    }

    /// <summary>
    /// The texts of an entry. The last three are the parameters, the rule and the reason of a tool, and the package and
    /// the repository of a server.
    /// </summary>
    private sealed record Entry(string Name, string? Title, string? Description, byte Confidence)
    {
        public string? First { get; init; }

        public string? Second { get; init; }

        public string? Third { get; init; }
    }
}
