using System.Runtime.InteropServices;
using Gateway.Limits.Model;

namespace Gateway.Limits.Counting.Compact;

/// <summary>A record as a counter at rest keeps it; what a sliding limit has besides is kept elsewhere.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal readonly struct PackedRecord
{
    private readonly ulong _nonceLow;
    private readonly ulong _nonceHigh;
    private readonly PackedNano _reserved;

    /// <summary>Keeps this record, of which <see cref="PackedNano.Fits"/> what is reserved.</summary>
    public PackedRecord(Reservation record)
    {
        WindowStartMs = record.WindowStartMs;
        (_nonceLow, _nonceHigh) = (unchecked((ulong)record.Nonce), (ulong)(record.Nonce >> 64));
        _reserved = new PackedNano(record.Reserved);
    }

    /// <summary>True if there is a record.</summary>
    public bool IsPresent => (_nonceLow | _nonceHigh) != 0;

    /// <summary>Start of its window.</summary>
    public long WindowStartMs { get; }

    /// <summary>Numbers below this belong to some owner.</summary>
    public Int128 Reserved => _reserved.Value;

    /// <summary>The write that made it.</summary>
    public UInt128 Nonce => new(_nonceHigh, _nonceLow);

    /// <summary>The record.</summary>
    public Reservation Unpack() => new(WindowStartMs, Reserved, Nonce);
}
