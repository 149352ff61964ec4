using System.Buffers.Binary;

namespace Gateway.Catalogue.Indexing;

/// <summary>The header of an index: the positions of its parts, and the checks of its integrity.</summary>
/// <param name="Length">The length of the whole file in bytes.</param>
/// <param name="Checksum">The checksum of all bytes after the header.</param>
/// <param name="MadeAtMs">The time of its creation, in Unix milliseconds.</param>
/// <param name="Entries">The number of servers and tools.</param>
/// <param name="Servers">The number of servers.</param>
/// <param name="Terms">The number of terms.</param>
/// <param name="Blocks">The number of blocks of texts.</param>
/// <param name="PostingsAt">The end of the texts.</param>
/// <param name="TablesAt">The end of the postings.</param>
/// <param name="ServerNameBytes">The length of all servers' names in bytes.</param>
/// <param name="TermBytes">The length of all terms in bytes.</param>
/// <param name="IsPublished">True if it was built from a published catalogue, false if from an import.</param>
/// <param name="Version">The version of the format.</param>
internal sealed record IndexHeader(
    long Length, uint Checksum, long MadeAtMs, int Entries, int Servers, int Terms, int Blocks, long PostingsAt,
    long TablesAt, int ServerNameBytes, int TermBytes, bool IsPublished, long Version = IndexFormat.Version)
{
    public byte[] Write()
    {
        var bytes = new byte[IndexFormat.HeaderLength];
        long[] values =
        [
            IndexFormat.Magic, Version, Length, Checksum, MadeAtMs, Entries, Servers, Terms, Blocks,
            PostingsAt, TablesAt, ServerNameBytes, TermBytes,
            IsPublished ? 1 : 0,
        ];
        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * sizeof(long)), values[i]);
        BinaryPrimitives.WriteInt64LittleEndian(
            bytes.AsSpan(bytes.Length - sizeof(long)), IndexFormat.Checksum(0, bytes.AsSpan(..^sizeof(long))));
        return bytes;
    }

    /// <exception cref="IndexException">The bytes are not the header of an index of this version.</exception>
    public static IndexHeader Read(ReadOnlySpan<byte> bytes, long length)
    {
        var values = new long[16];
        for (var i = 0; i < values.Length && bytes.Length >= IndexFormat.HeaderLength; i++)
            values[i] = BinaryPrimitives.ReadInt64LittleEndian(bytes[(i * sizeof(long))..]);
        if (values[0] != IndexFormat.Magic)
            throw new IndexException("is not a catalogue index");
        if (values[1] is not (IndexFormat.Version or IndexFormat.VersionWithoutFacts))
        {
            throw new IndexException(
                $"has version {values[1]}, but this gateway reads version {IndexFormat.Version}");
        }

        if (values[15] != IndexFormat.Checksum(0, bytes[..(IndexFormat.HeaderLength - sizeof(long))]))
            throw new IndexException("is damaged in its header");
        if (values[2] != length)
            throw new IndexException($"is cut off: it has {length} bytes of {values[2]}");
        return new IndexHeader(
            length, (uint)values[3], values[4], (int)values[5], (int)values[6], (int)values[7], (int)values[8],
            values[9], values[10], (int)values[11], (int)values[12], values[13] == 1, values[1]);
    }
}
