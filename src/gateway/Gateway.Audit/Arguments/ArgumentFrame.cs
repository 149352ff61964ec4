using System.Buffers.Binary;
using System.Globalization;

namespace Gateway.Audit.Arguments;

/// <summary>
/// One call's values on disk: length, call id and time in plaintext, followed by the ciphertext. The ciphertext
/// contains the id and the time as well, so that one call's values can never be passed off as another's.
/// </summary>
internal static class ArgumentFrame
{
    public const int HeadBytes = sizeof(int) + IdBytes + sizeof(long);

    /// <summary>Upper bound of a ciphertext. A longer frame was not written by the gateway.</summary>
    public const int SealedBytesMax = 64 * 1024;

    private const int IdBytes = 16;
    private const int BoundBytes = IdBytes + sizeof(long);

    /// <summary>Builds the plaintext to seal: the identity of the call, then its values.</summary>
    public static byte[] Bind(UInt128 callId, long timeMs, ReadOnlySpan<byte> values)
    {
        var bound = new byte[BoundBytes + values.Length];
        WriteBound(bound, callId, timeMs);
        values.CopyTo(bound.AsSpan(BoundBytes));
        return bound;
    }

    /// <summary>Returns the values, or null if they belong to another call.</summary>
    public static ReadOnlyMemory<byte>? Unbind(UInt128 callId, long timeMs, byte[] bound)
    {
        Span<byte> expected = stackalloc byte[BoundBytes];
        WriteBound(expected, callId, timeMs);
        return bound.AsSpan().StartsWith(expected) ? bound.AsMemory(BoundBytes) : null;
    }

    public static void WriteHead(Span<byte> head, int sealedBytes, UInt128 callId, long timeMs)
    {
        BinaryPrimitives.WriteInt32LittleEndian(head, sealedBytes);
        WriteBound(head[sizeof(int)..], callId, timeMs);
    }

    public static (int SealedBytes, UInt128 CallId, long TimeMs) ReadHead(ReadOnlySpan<byte> head) => (
        BinaryPrimitives.ReadInt32LittleEndian(head),
        BinaryPrimitives.ReadUInt128BigEndian(head[sizeof(int)..]),
        BinaryPrimitives.ReadInt64LittleEndian(head[(sizeof(int) + IdBytes)..]));

    /// <summary>Parses a call id in the form that records use.</summary>
    public static bool TryParseId(string? text, out UInt128 callId)
    {
        callId = default;
        return text is { Length: 2 * IdBytes }
            && UInt128.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out callId);
    }

    private static void WriteBound(Span<byte> at, UInt128 callId, long timeMs)
    {
        BinaryPrimitives.WriteUInt128BigEndian(at, callId);
        BinaryPrimitives.WriteInt64LittleEndian(at[IdBytes..], timeMs);
    }
}
