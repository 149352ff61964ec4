using System.Buffers.Binary;

namespace Gateway.Orleans.Batching;

/// <summary>
/// Reads little-endian numbers sequentially; throws a <see cref="FormatException"/> at the end of the data.
/// </summary>
internal ref struct BatchReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>Reads and checks the version of the format.</summary>
    public void Expect(byte version)
    {
        if (Byte() != version) throw new FormatException(
            "The batch message does not have the expected version.");
    }

    /// <summary>
    /// Reads the number of following items of at least this size each: a damaged count must not reserve memory.
    /// </summary>
    public int Count(int sizeMin)
    {
        var count = BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)));
        if (count < 0 || count > _rest.Length / sizeMin) throw Damaged();
        return count;
    }

    public byte Byte() => Take(1)[0];

    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(sizeof(ushort)));

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)));

    public Int128 Int128() => BinaryPrimitives.ReadInt128LittleEndian(Take(16));

    public UInt128 UInt128() => BinaryPrimitives.ReadUInt128LittleEndian(Take(16));

    /// <summary>Checks that no data is left.</summary>
    public readonly void End()
    {
        if (!_rest.IsEmpty) throw Damaged();
    }

    private ReadOnlySpan<byte> Take(int size)
    {
        if (_rest.Length < size) throw Damaged();
        var taken = _rest[..size];
        _rest = _rest[size..];
        return taken;
    }

    private static FormatException Damaged() => new("The batch message is damaged.");
}
