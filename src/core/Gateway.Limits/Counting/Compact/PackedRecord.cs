using System.Runtime.InteropServices;
using Gateway.Limits.Model;

namespace Gateway.Limits.Counting.Compact;

/// <summary>A record as an idle counter stores it. The entries of a sliding limit are stored elsewhere.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal readonly struct PackedRecord
{
    private readonly ulong _nonceLow;
    private readonly ulong _nonceHigh;
    private readonly PackedNano _reserved;

    /// <summary>Packs this record. Its reserved numbers must fit (<see cref="PackedNano.Fits"/>).</summary>
    public PackedRecord(Reservation record)
    {
        WindowStartMs = record.WindowStartMs;
        (_nonceLow, _nonceHigh) = (unchecked((ulong)record.Nonce), (ulong)(record.Nonce >> 64));
        _reserved = new PackedNano(record.Reserved);
    }

    /// <summary>True if there is a record.</summary>
    public bool IsPresent => (_nonceLow | _nonceHigh) != 0;

    public long WindowStartMs { get; }

    /// <summary>The number of reserved units: numbers below it belong to some owner.</summary>
    public Int128 Reserved => _reserved.Value;

    /// <summary>The nonce of the write that made the record.</summary>
    public UInt128 Nonce => new(_nonceHigh, _nonceLow);

    public Reservation Unpack() => new(WindowStartMs, Reserved, Nonce);
}
