using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Gateway.Limits.Model;

namespace Gateway.Limits.Acquiring;

/// <summary>
/// The counters of single values, named by a keyed digest of the value. A reader of a counter's name learns neither the
/// value nor whether two limits counted the same one. Recent values are remembered, up to a bound.
/// </summary>
/// <param name="entriesMax">
/// Values to remember. At the bound all are forgotten; each then costs one more lookup.
/// </param>
internal sealed class ValueCounters(int entriesMax)
{
    private const int StackBytesMax = 1024;

    private readonly ConcurrentDictionary<UInt128, ValueCounter> _counters = new();

    /// <summary>Returns the counter of this cost's value.</summary>
    public ValueCounter Of(in LimitCost cost, byte[] key)
    {
        var digest = Digest(cost.Key.Text, cost.Value!.Parts.Span, key);
        if (_counters.TryGetValue(digest, out var known)) return known;
        if (_counters.Count >= entriesMax) _counters.Clear();
        return _counters.GetOrAdd(digest, static (digest, limit) => new ValueCounter(limit, digest), cost.Key);
    }

    private static UInt128 Digest(string limit, ReadOnlySpan<byte> parts, byte[] key)
    {
        var length = sizeof(int) + Encoding.UTF8.GetMaxByteCount(limit.Length) + parts.Length;
        var text = length <= StackBytesMax ? stackalloc byte[StackBytesMax] : new byte[length];
        var written = Encoding.UTF8.GetBytes(limit, text[sizeof(int)..]);
        BinaryPrimitives.WriteInt32BigEndian(text, written);
        parts.CopyTo(text[(sizeof(int) + written)..]);
        Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, text[..(sizeof(int) + written + parts.Length)], digest);
        return BinaryPrimitives.ReadUInt128BigEndian(digest);
    }
}
