using System.Buffers.Binary;
using System.Numerics;
using Gateway.Catalogue.Classifying;

namespace Gateway.Catalogue.Indexing;

/// <summary>
/// The on-disk format of the index: a header of 16 numbers, the texts in compressed blocks, the postings of each term,
/// and the tables, which are the only part in memory. All numbers are little-endian.
/// </summary>
internal static class IndexFormat
{
    public const long Magic = 0x3130_5844_4943_5747;
    public const long Version = 2;

    /// <summary>The version without parameters, reasons, rules and origins, which is still read.</summary>
    public const long VersionWithoutFacts = 1;

    public const int HeaderLength = 16 * sizeof(long);

    /// <summary>The number of texts per compressed block: matches are scattered, so blocks are small.</summary>
    public const int BlockEntries = 32;

    /// <summary>
    /// The maximum uncompressed size of a block, in bytes; entries are cut so that no block is longer.
    /// </summary>
    public const int BlockBytesMax = 1 << 20;

    /// <summary>The number of characters of a description that are stored and searched.</summary>
    public const int TextCharsMax = 1_000;

    /// <summary>The number of characters of the parameters, and of the reasons, that are stored.</summary>
    public const int FactCharsMax = 1_500;

    /// <summary>The number of characters of a name that are stored.</summary>
    public const int NameCharsMax = 256;

    /// <summary>The maximum number of entries, which are servers and tools together.</summary>
    public const int EntriesMax = 20_000_000;

    /// <summary>The value in place of a category and a risk that marks a server.</summary>
    public const int ServerMark = 31;

    /// <summary>Packs the category, the risk and the number of words in the name into a byte.</summary>
    public static byte Mark(ToolCategory category, RiskLevel risk, int nameWords) =>
        (byte)(((int)category * 4) + (int)risk + (Math.Min(nameWords, 7) << 5));

    public static byte MarkOfServer(int nameWords) => (byte)(ServerMark + (Math.Min(nameWords, 7) << 5));

    public static int KindOf(byte mark) => mark & 31;

    public static int NameWordsOf(byte mark) => mark >> 5;

    /// <summary>Returns a checksum that continues <paramref name="crc"/>.</summary>
    public static uint Checksum(uint crc, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var one in bytes)
            crc = BitOperations.Crc32C(crc, one);
        return crc;
    }
}
