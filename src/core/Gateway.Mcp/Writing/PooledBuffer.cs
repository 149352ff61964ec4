using System.Buffers;
using System.Numerics;

namespace Gateway.Mcp.Writing;

/// <summary>
/// A buffer in rented memory, up to the size that the caller allows; nothing is rented before the first write.
/// </summary>
public sealed class PooledBuffer : IBufferWriter<byte>, IDisposable
{
    private const int RentedFirst = 4096;
    private const int KeptBytes = 64 * 1024;

    private byte[] _bytes = [];
    private int _length;

    /// <summary>Number of bytes written.</summary>
    public int Length => _length;

    /// <summary>The written bytes, valid until the next write, <see cref="Clear"/> or <see cref="Dispose"/>.</summary>
    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, _length);

    /// <inheritdoc/>
    public void Advance(int count) => _length += count;

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Ensure(Math.Max(sizeHint, 1));
        return _bytes.AsMemory(_length);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <summary>
    /// Returns the number of rented bytes once there is room for this many more, counting the old memory with the new.
    /// </summary>
    public long BytesWith(int room) => _bytes.Length - _length >= room
        ? _bytes.Length
        : _bytes.Length + (long)BitOperations.RoundUpToPowerOf2((uint)Larger(room));

    /// <summary>Empties the buffer, and releases memory that only a long content needed.</summary>
    public void Clear()
    {
        _length = 0;
        if (_bytes.Length > KeptBytes)
            Rest();
    }

    /// <summary>Returns the memory. A previous value of <see cref="Written"/> is no longer valid.</summary>
    public void Dispose() => Rest();

    /// <summary>Empties the buffer and releases its memory; the next write rents again.</summary>
    public void Rest()
    {
        if (_bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(_bytes);
        (_bytes, _length) = ([], 0);
    }

    private int Larger(int room) => Math.Max(Math.Max(_bytes.Length * 2, RentedFirst), _length + room);

    private void Ensure(int room)
    {
        if (_bytes.Length - _length >= room)
            return;

        var larger = ArrayPool<byte>.Shared.Rent(Larger(room));
        _bytes.AsSpan(0, _length).CopyTo(larger);
        if (_bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
