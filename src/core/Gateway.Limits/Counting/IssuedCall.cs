using System.Runtime.InteropServices;
using Gateway.Limits.Counting.Compact;
using Gateway.Limits.Model;

namespace Gateway.Limits.Counting;

/// <summary>
/// The record that an owner keeps of a call that it gave numbers to: enough to repeat the reply and to take the numbers
/// back.
/// </summary>
/// <remarks>A struct without references, because a busy silo remembers millions of calls for a few seconds.</remarks>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
public struct IssuedCall(CallId id, CounterPermit part, long nowMs)
{
    private readonly ulong _idLow = unchecked((ulong)id.Bits);
    private readonly ulong _idHigh = unchecked((ulong)(id.Bits >> 64));
    private readonly PackedNano _low = new(part.IsOneInterval ? part.Top - part.Cost.Nano : 0);
    private readonly PackedNano _cost = new(part.Cost.Nano);
    private readonly PackedNano _used = new(part.UsedAfter.Nano);

    /// <summary>The id of the call.</summary>
    public readonly CallId Id => new(new UInt128(_idHigh, _idLow));

    /// <summary>
    /// The window that the numbers belong to; for a sliding limit, the time at which they were reserved.
    /// </summary>
    public long WindowStartMs { get; } = part.WindowStartMs;

    /// <summary>The time since which the call is remembered, or at which it was last seen to be outstanding.</summary>
    public long SinceMs { get; set; } = nowMs;

    /// <summary>The ring position of the previous call in the same index bucket.</summary>
    public uint Before { get; set; }

    /// <summary>The state of the numbers.</summary>
    public CallState State { get; set; } = CallState.Out;

    /// <summary>
    /// True if the numbers are one interval, as they nearly always are; otherwise the log holds them.
    /// </summary>
    public bool IsOneInterval { get; } = part.IsOneInterval;

    /// <summary>The amount that was taken.</summary>
    public readonly Amount Cost => Amount.FromNano(_cost.Value);

    /// <summary>The amount charged in the window, this call included.</summary>
    public readonly Amount UsedAfter => Amount.FromNano(_used.Value);

    /// <summary>The numbers, if they are one interval.</summary>
    public readonly NumberRange Only => new(_low.Value, _low.Value + _cost.Value);

    /// <summary>Returns true if this is the call with that id.</summary>
    public readonly bool Is(CallId id) =>
        _idLow == unchecked((ulong)id.Bits) && _idHigh == unchecked((ulong)(id.Bits >> 64));
}

/// <summary>The state of the numbers that a call was given.</summary>
public enum CallState
{
    /// <summary>The numbers may come back.</summary>
    Out,

    /// <summary>The call was sent. Its numbers are not expected back, so a refusal need not wait for them.</summary>
    Committed,

    /// <summary>The numbers came back; the id can no longer be used.</summary>
    Closed,
}
