using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Gateway.Limits.Tests.Checking;

/// <summary>
/// A state, written down and hashed to 128 bits. Nonces are only ever compared, so they are renamed in the order in
/// which they appear: states that differ in names alone are one.
/// </summary>
internal sealed class StateText
{
    private readonly byte[] _bytes = new byte[64 * 1024];
    private readonly Dictionary<UInt128, int> _names = [];
    private int _length;

    public StateText Clear()
    {
        _length = 0;
        _names.Clear();
        _names[0] = 0;
        return this;
    }

    public StateText Put(params ReadOnlySpan<long> values)
    {
        foreach (var value in values)
        {
            BinaryPrimitives.WriteInt64LittleEndian(_bytes.AsSpan(_length), value);
            _length += 8;
        }

        return this;
    }

    public void PutNonce(UInt128 nonce)
    {
        if (!_names.TryGetValue(nonce, out var name)) _names[nonce] = name = _names.Count;
        Put(name);
    }

    public void PutRecord(Reservation record)
    {
        Put(record.WindowStartMs, (long)record.Reserved);
        PutNonce(record.Nonce);
        if (record.Entries is { } entries) Put(entries);
    }

    public void Put(SlidingEntries entries)
    {
        Put('e');
        foreach (var entry in entries.All) Put(entry.DeadlineMs, (long)entry.Count);
    }

    public UInt128 Hash() =>
        BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(_bytes.AsSpan(0, _length)));
}
