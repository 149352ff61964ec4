using System.Buffers;
using System.Numerics;

namespace Gateway.Mcp.Writing;

/// <summary>
/// Bytes that are gathered in rented memory, up to what the caller allows; nothing is rented before the first write.
/// </summary>
public sealed class PooledBuffer : IBufferWriter<byte>, IDisposable
{
    private const int RentedFirst = 4096;
    private const int KeptBytes = 64 * 1024;

    private byte[] _bytes = [];
    private int _length;

    /// <summary>Bytes that were written.</summary>
    public int Length => _length;

    /// <summary>What was written, until the next write, <see cref="Clear"/> or <see cref="Dispose"/>.</summary>
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

    /// <summary>Bytes that are rented once there is room for so many more, the old ones with the new.</summary>
    public long BytesWith(int room) => _bytes.Length - _length >= room
        ? _bytes.Length
        : _bytes.Length + (long)BitOperations.RoundUpToPowerOf2((uint)Larger(room));

    /// <summary>Empties it, and lets go of memory that something long needed.</summary>
    public void Clear()
    {
        _length = 0;
        if (_bytes.Length > KeptBytes)
            Rest();
    }

    /// <summary>Returns the memory. What <see cref="Written"/> gave is no longer valid.</summary>
    public void Dispose() => Rest();

    /// <summary>Empties it and lets go of its memory; the next write rents anew.</summary>
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
