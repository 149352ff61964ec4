using System.Buffers.Binary;
using System.Numerics;
using Gateway.Catalogue.Classifying;

namespace Gateway.Catalogue.Indexing;

/// <summary>
/// What the index is on disk: a header of 16 numbers, the texts in compressed blocks, the postings of each term, and
/// the tables, which alone are read into memory. All numbers are little-endian.
/// </summary>
internal static class IndexFormat
{
    public const long Magic = 0x3130_5844_4943_5747;
    public const long Version = 1;
    public const int HeaderLength = 16 * sizeof(long);

    /// <summary>Texts are compressed so many at a time: what is found is scattered, so blocks are small.</summary>
    public const int BlockEntries = 32;

    /// <summary>Raw bytes of a block at most; entries are cut so that no block is longer.</summary>
    public const int BlockBytesMax = 1 << 20;

    /// <summary>Characters of a description that are kept and searched.</summary>
    public const int TextCharsMax = 1_000;

    /// <summary>Characters of a name that are kept.</summary>
    public const int NameCharsMax = 256;

    /// <summary>Entries, servers and tools together, that an index may have.</summary>
    public const int EntriesMax = 20_000_000;

    /// <summary>In the place of a category and a risk: the entry is a server.</summary>
    public const int ServerMark = 31;

    /// <summary>Category, risk and how many words the name has, in a byte.</summary>
    public static byte Mark(ToolCategory category, RiskLevel risk, int nameWords) =>
        (byte)(((int)category * 4) + (int)risk + (Math.Min(nameWords, 7) << 5));

    public static byte MarkOfServer(int nameWords) => (byte)(ServerMark + (Math.Min(nameWords, 7) << 5));

    public static int KindOf(byte mark) => mark & 31;

    public static int NameWordsOf(byte mark) => mark >> 5;

    /// <summary>A checksum, goes on from <paramref name="crc"/>.</summary>
    public static uint Checksum(uint crc, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var one in bytes)
            crc = BitOperations.Crc32C(crc, one);
        return crc;
    }
}
