using System.Runtime.InteropServices;
using Gateway.Limits.Model;

namespace Gateway.Limits.Counting.Compact;

/// <summary>
/// A number of 10^-9 units as an idle counter stores it. 96 bits hold every <see cref="Amount"/> (below 10^27) and
/// avoid the 16-byte alignment that 128 bits require.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal readonly struct PackedNano
{
    private readonly ulong _low;
    private readonly uint _high;

    /// <summary>Packs this nonnegative number.</summary>
    /// <exception cref="OverflowException">
    /// The number does not fit. This never happens to numbers that an owner counts.
    /// </exception>
    public PackedNano(Int128 nano)
    {
        _low = unchecked((ulong)nano);
        _high = checked((uint)unchecked((ulong)(nano >> 64)));
    }

    /// <summary>The unpacked number.</summary>
    public Int128 Value => new(_high, _low);

    /// <summary>Returns true if this number can be packed.</summary>
    public static bool Fits(Int128 nano) => unchecked((ulong)(nano >> 64)) <= uint.MaxValue;
}
