using System.Buffers.Binary;

namespace Gateway.Orleans.Batching;

/// <summary>Writes little-endian numbers sequentially.</summary>
internal ref struct BatchWriter(Span<byte> bytes)
{
    private Span<byte> _rest = bytes;

    public void Byte(byte value)
    {
        _rest[0] = value;
        _rest = _rest[1..];
    }

    public void UInt16(ushort value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(_rest, value);
        _rest = _rest[sizeof(ushort)..];
    }

    public void Int32(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_rest, value);
        _rest = _rest[sizeof(int)..];
    }

    public void Int64(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_rest, value);
        _rest = _rest[sizeof(long)..];
    }

    public void Int128(Int128 value) => UInt128((UInt128)value);

    public void UInt128(UInt128 value)
    {
        BinaryPrimitives.WriteUInt128LittleEndian(_rest, value);
        _rest = _rest[16..];
    }
}
