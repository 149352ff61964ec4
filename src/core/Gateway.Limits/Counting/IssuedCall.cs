using System.Runtime.InteropServices;
using Gateway.Limits.Counting.Compact;
using Gateway.Limits.Model;

namespace Gateway.Limits.Counting;

/// <summary>
/// What an owner remembers of a call that it gave numbers to: enough to say the same again, and to take them back.
/// </summary>
/// <remarks>No object and no reference, because a busy silo remembers millions of them for a few seconds.</remarks>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
public struct IssuedCall(CallId id, CounterPermit part, long nowMs)
{
    private readonly ulong _idLow = unchecked((ulong)id.Bits);
    private readonly ulong _idHigh = unchecked((ulong)(id.Bits >> 64));
    private readonly PackedNano _low = new(part.IsOneInterval ? part.Top - part.Cost.Nano : 0);
    private readonly PackedNano _cost = new(part.Cost.Nano);
    private readonly PackedNano _used = new(part.UsedAfter.Nano);

    /// <summary>The call.</summary>
    public readonly CallId Id => new(new UInt128(_idHigh, _idLow));

    /// <summary>The window that its numbers belong to; of a sliding limit, when they were reserved.</summary>
    public long WindowStartMs { get; } = part.WindowStartMs;

    /// <summary>Since when it is remembered, or was last seen to be out.</summary>
    public long SinceMs { get; set; } = nowMs;

    /// <summary>The place of the call before it that the index keeps under the same number.</summary>
    public uint Before { get; set; }

    /// <summary>What became of the numbers.</summary>
    public CallState State { get; set; } = CallState.Out;

    /// <summary>Whether the numbers are one interval, as they nearly always are; else the ledger has them.</summary>
    public bool IsOneInterval { get; } = part.IsOneInterval;

    /// <summary>What was taken.</summary>
    public readonly Amount Cost => Amount.FromNano(_cost.Value);

    /// <summary>What was charged in the window, this call included.</summary>
    public readonly Amount UsedAfter => Amount.FromNano(_used.Value);

    /// <summary>The numbers, if they are one interval.</summary>
    public readonly NumberRange Only => new(_low.Value, _low.Value + _cost.Value);

    /// <summary>Whether it is this call's.</summary>
    public readonly bool Is(CallId id) =>
        _idLow == unchecked((ulong)id.Bits) && _idHigh == unchecked((ulong)(id.Bits >> 64));
}
