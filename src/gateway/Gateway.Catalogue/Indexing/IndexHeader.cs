using System.Buffers.Binary;

namespace Gateway.Catalogue.Indexing;

/// <summary>The beginning of an index: where everything is, and how to see that it is whole.</summary>
/// <param name="Length">Bytes of the whole file.</param>
/// <param name="Checksum">Of all that comes after the header.</param>
/// <param name="MadeAtMs">When it was made.</param>
/// <param name="Entries">Servers and tools.</param>
/// <param name="Servers">How many servers.</param>
/// <param name="Terms">How many terms.</param>
/// <param name="Blocks">How many blocks of texts.</param>
/// <param name="PostingsAt">Where the texts end.</param>
/// <param name="TablesAt">Where the postings end.</param>
/// <param name="ServerNameBytes">Of all servers' names.</param>
/// <param name="TermBytes">Of all terms.</param>
internal sealed record IndexHeader(
    long Length, uint Checksum, long MadeAtMs, int Entries, int Servers, int Terms, int Blocks, long PostingsAt,
    long TablesAt, int ServerNameBytes, int TermBytes)
{
    public byte[] Write()
    {
        var bytes = new byte[IndexFormat.HeaderLength];
        long[] values =
        [
            IndexFormat.Magic, IndexFormat.Version, Length, Checksum, MadeAtMs, Entries, Servers, Terms, Blocks,
            PostingsAt, TablesAt, ServerNameBytes, TermBytes,
        ];
        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * sizeof(long)), values[i]);
        BinaryPrimitives.WriteInt64LittleEndian(
            bytes.AsSpan(bytes.Length - sizeof(long)), IndexFormat.Checksum(0, bytes.AsSpan(..^sizeof(long))));
        return bytes;
    }

    /// <exception cref="IndexException">It is no header of an index that this version reads.</exception>
    public static IndexHeader Read(ReadOnlySpan<byte> bytes, long length)
    {
        var values = new long[16];
        for (var i = 0; i < values.Length && bytes.Length >= IndexFormat.HeaderLength; i++)
            values[i] = BinaryPrimitives.ReadInt64LittleEndian(bytes[(i * sizeof(long))..]);
        if (values[0] != IndexFormat.Magic)
            throw new IndexException("is no index of a catalogue");
        if (values[1] != IndexFormat.Version)
        {
            throw new IndexException(
                $"is of version {values[1]}, and this gateway reads version {IndexFormat.Version}");
        }

        if (values[15] != IndexFormat.Checksum(0, bytes[..(IndexFormat.HeaderLength - sizeof(long))]))
            throw new IndexException("is damaged in its header");
        if (values[2] != length)
            throw new IndexException($"is cut off: it has {length} bytes of {values[2]}");
        return new IndexHeader(
            length, (uint)values[3], values[4], (int)values[5], (int)values[6], (int)values[7], (int)values[8],
            values[9], values[10], (int)values[11], (int)values[12]);
    }
}
