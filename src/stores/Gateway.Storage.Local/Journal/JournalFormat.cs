using System.Buffers.Binary;
using System.Numerics;

namespace Gateway.Storage.Local.Journal;

/// <summary>
/// The binary format of a journal. A 16-byte head (<c>GWLIMITS</c>, version, checksum) is followed by frames, one for
/// each batch. A frame has a 16-byte head (mark, payload length, order, CRC-32C over all the rest) and a payload, a
/// sequence of items:
/// <code>
/// 1  counter   u32 number, u16 length, key in UTF-8, i64 window, i128 reserved, u128 nonce
/// 2  counter   u32 number (its key was given earlier in this file), i64 window, i128 reserved, u128 nonce
/// 3  floor     i64
/// 4  machine   u8 synced, i64 short blind, i64 blind, u16 length, boot id in UTF-8
/// 5  entries   u16 length, the entries of the sliding limit whose counter stands just before (version 2)
/// </code>
/// Version 1 had no entries and is still readable. All numbers are little-endian. A file changes only at its end, and a
/// frame is either complete or absent.
/// </summary>
internal static class JournalFormat
{
    public const uint Version = 2;
    public const int FileHeadLength = 16;
    public const int FrameHeadLength = 16;

    /// <summary>Maximum size of a batch, which bounds the length of a torn one.</summary>
    public const int PayloadBytesMax = 4 * 1024 * 1024;

    public const byte NamedCounter = 1;
    public const byte NumberedCounter = 2;
    public const byte Floor = 3;
    public const byte Machine = 4;
    public const byte Entries = 5;

    private const uint FrameMark = 0x46_4A_57_47; // "GWJF"

    private static ReadOnlySpan<byte> FileMark => "GWLIMITS"u8;

    public static void WriteFileHead(Span<byte> head, uint version = Version)
    {
        FileMark.CopyTo(head);
        BinaryPrimitives.WriteUInt32LittleEndian(head[8..], version);
        BinaryPrimitives.WriteUInt32LittleEndian(head[12..], Checksum(head[..12]));
    }

    /// <summary>Returns the version of a file; null if this is not the head of a journal.</summary>
    public static uint? ReadFileHead(ReadOnlySpan<byte> head)
    {
        if (head.Length < FileHeadLength || !head.StartsWith(FileMark)) return null;
        if (BinaryPrimitives.ReadUInt32LittleEndian(head[12..]) != Checksum(head[..12])) return null;
        return BinaryPrimitives.ReadUInt32LittleEndian(head[8..]);
    }

    /// <summary>Completes a frame whose payload already follows the head.</summary>
    public static void WriteFrameHead(Span<byte> frame, uint order)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(frame, FrameMark);
        BinaryPrimitives.WriteInt32LittleEndian(frame[4..], frame.Length - FrameHeadLength);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[8..], order);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[12..], FrameChecksum(frame));
    }

    /// <summary>Returns the payload length in a frame head; -1 if this is not a frame head.</summary>
    public static int ReadPayloadLength(ReadOnlySpan<byte> head, out uint order)
    {
        order = 0;
        if (head.Length < FrameHeadLength || BinaryPrimitives.ReadUInt32LittleEndian(head) != FrameMark) return -1;
        order = BinaryPrimitives.ReadUInt32LittleEndian(head[8..]);
        var length = BinaryPrimitives.ReadInt32LittleEndian(head[4..]);
        return length is > 0 and <= PayloadBytesMax ? length : -1;
    }

    /// <summary>Returns true if head and payload match the checksum.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> frame) =>
        BinaryPrimitives.ReadUInt32LittleEndian(frame[12..]) == FrameChecksum(frame);

    private static uint FrameChecksum(ReadOnlySpan<byte> frame) =>
        Checksum(frame[FrameHeadLength..], Checksum(frame[..12]));

    private static uint Checksum(ReadOnlySpan<byte> bytes, uint seed = 0)
    {
        var crc = ~seed;
        for (; bytes.Length >= 8; bytes = bytes[8..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var one in bytes) crc = BitOperations.Crc32C(crc, one);
        return ~crc;
    }
}
