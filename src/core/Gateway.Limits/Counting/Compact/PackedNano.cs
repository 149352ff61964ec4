using System.Runtime.InteropServices;
using Gateway.Limits.Model;

namespace Gateway.Limits.Counting.Compact;

/// <summary>
/// A number of 10^-9 units as a counter at rest keeps it: in 96 bits, which hold every <see cref="Amount"/> (below
/// 10^27), and without the alignment to 16 bytes that 128 bits bring.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal readonly struct PackedNano
{
    private readonly ulong _low;
    private readonly uint _high;

    /// <summary>Keeps this number, which is not negative.</summary>
    /// <exception cref="OverflowException">It does not fit: never the case of what an owner counts.</exception>
    public PackedNano(Int128 nano)
    {
        _low = unchecked((ulong)nano);
        _high = checked((uint)unchecked((ulong)(nano >> 64)));
    }

    /// <summary>The very number.</summary>
    public Int128 Value => new(_high, _low);

    /// <summary>Whether this number can be kept.</summary>
    public static bool Fits(Int128 nano) => unchecked((ulong)(nano >> 64)) <= uint.MaxValue;
}
