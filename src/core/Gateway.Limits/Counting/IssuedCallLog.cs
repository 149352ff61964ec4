using System.Collections.Immutable;
using System.Numerics;
using Gateway.Limits.Model;

namespace Gateway.Limits.Counting;

/// <summary>
/// The calls that one owner has granted numbers in the current window: outstanding, committed or closed. Needed only
/// where permits leave the process; owned by one counter.
/// </summary>
/// <remarks>
/// A ring of the calls in their order. Each entry holds the position of the previous call in the same index bucket, and
/// the index lies in the ring's slots. Forgetting the oldest call advances the start of the ring: a position before the
/// start ends every chain, so the index is not touched. Positions only grow, and wrap around; an outdated position may
/// then lead to another call, which is skipped.
/// </remarks>
public sealed class IssuedCallLog(int callsMax)
{
    /// <summary>
    /// How long a committed or closed call is remembered, in milliseconds. Requests are repeated, and unsent calls are
    /// given back, within seconds; a window lasts up to a month.
    /// </summary>
    public const int KeptMs = 10_000;

    private const int LooksMax = 16;
    private const int LengthMin = 2;
    private const int SparseParts = 8;

    private Slot[] _ring = [];
    private Dictionary<CallId, ImmutableArray<NumberRange>>? _intervals;
    private uint _begin;
    private int _count;

    /// <summary>Number of remembered calls.</summary>
    public int Count => _count;

    /// <summary>All remembered calls, oldest first.</summary>
    public IEnumerable<IssuedCall> All => Enumerable.Range(0, _count).Select(i => At(_begin + (uint)i));

    private uint Mask => (uint)_ring.Length - 1;

    /// <summary>Finds a remembered call; false if it is unknown.</summary>
    public bool TryFind(CallId id, out IssuedCall call)
    {
        var isKnown = TryPlace(id, out var at);
        call = isKnown ? _ring[at].Call : default;
        return isKnown;
    }

    /// <summary>
    /// Returns the numbers of such a call, if they are not one interval. Empty for a sliding limit, which counts and
    /// does not number.
    /// </summary>
    public ImmutableArray<NumberRange> IntervalsOf(in IssuedCall call) =>
        call.IsOneInterval ? default
        : _intervals is not null && _intervals.TryGetValue(call.Id, out var intervals) ? intervals
        : [];

    /// <summary>
    /// Records numbers as outstanding. At the bound the oldest call is forgotten; true if its numbers were still
    /// outstanding, since they can then never come back.
    /// </summary>
    public bool Open(CallId id, CounterPermit part, long nowMs)
    {
        ForgetEnded(nowMs);
        var isLost = false;
        if (_count >= callsMax)
        {
            ref var oldest = ref At(_begin);
            isLost = oldest.State == CallState.Out;
            Forget(oldest);
        }

        if (!part.IsOneInterval && !part.Intervals.IsEmpty) (_intervals ??= [])[id] = part.Intervals;
        Append(new IssuedCall(id, part, nowMs));
        return isLost;
    }

    /// <summary>Closes a call. True the first time, with the remembered call.</summary>
    public bool TryClose(CallId id, out IssuedCall call)
    {
        call = default;
        if (!TryPlace(id, out var at) || _ring[at].Call.State == CallState.Closed) return false;
        call = _ring[at].Call;
        _ring[at].Call.State = CallState.Closed;
        return true;
    }

    /// <summary>Notes that a call's numbers are not expected back. True the first time.</summary>
    public bool TryCommit(CallId id)
    {
        if (!TryPlace(id, out var at) || _ring[at].Call.State != CallState.Out) return false;
        _ring[at].Call.State = CallState.Committed;
        return true;
    }

    /// <summary>Forgets every call, because their window has ended.</summary>
    public void Clear()
    {
        (_ring, _intervals) = ([], null);
        (_begin, _count) = (0, 0);
    }

    /// <summary>Returns a copy that shares nothing.</summary>
    public IssuedCallLog Copy()
    {
        var copy = (IssuedCallLog)MemberwiseClone();
        copy._ring = [.. _ring];
        copy._intervals = _intervals is null ? null : new(_intervals);
        return copy;
    }

    /// <summary>Reads a little of the state that a request of this call will need; needs no lock.</summary>
    public long Prefetch(CallId id)
    {
        var (ring, begin) = (_ring, _begin);
        if (ring.Length == 0) return 0;
        var mask = (uint)ring.Length - 1;
        ref readonly var oldest = ref ring[begin & mask].Call;
        ref readonly var next = ref ring[unchecked(begin + (uint)_count) & mask].Call;
        return ring[unchecked((uint)id.Bits) & mask].Newest + oldest.SinceMs + next.SinceMs;
    }

    private ref IssuedCall At(uint place) => ref _ring[place & Mask].Call;

    private ref uint Newest(CallId id) => ref _ring[unchecked((uint)id.Bits) & Mask].Newest;

    private bool TryPlace(CallId id, out uint at)
    {
        at = 0;
        if (_count == 0) return false;
        var place = Newest(id);
        var age = (uint)_count;
        while (unchecked(place - _begin) is var next && next < age)
        {
            at = place & Mask;
            ref readonly var call = ref _ring[at].Call;
            if (call.Is(id)) return true;
            (place, age) = (call.Before, next);
        }

        return false;
    }

    private void Append(in IssuedCall call)
    {
        if (_count == _ring.Length) Resize(Math.Max(LengthMin, 2 * _count));
        var place = unchecked(_begin + (uint)_count++);
        ref var newest = ref Newest(call.Id);
        ref var kept = ref At(place);
        kept = call;
        (kept.Before, newest) = (newest, place);
    }

    /// <summary>Forgets the oldest call, which must be this one.</summary>
    private void Forget(in IssuedCall oldest)
    {
        if (!oldest.IsOneInterval) _intervals?.Remove(oldest.Id);
        _begin = unchecked(_begin + 1);
        _count--;
    }

    /// <summary>Forgets a few ended calls at a time; calls that are still outstanding move to the end.</summary>
    private void ForgetEnded(long nowMs)
    {
        for (var looks = 0; looks < LooksMax; looks++)
        {
            if (_count == 0 || nowMs - At(_begin).SinceMs < KeptMs) break;
            ref var oldest = ref At(_begin);
            if (oldest.State == CallState.Out)
            {
                var stays = oldest with { SinceMs = nowMs };
                (_begin, _count) = (unchecked(_begin + 1), _count - 1);
                Append(stays);
            }
            else
            {
                Forget(oldest);
            }
        }

        if (_ring.Length > LengthMin && _count * SparseParts <= _ring.Length) Resize(_ring.Length / 2);
    }

    private void Resize(int length)
    {
        var (old, oldMask, begin, count) = (_ring, Mask, _begin, _count);
        length = (int)BitOperations.RoundUpToPowerOf2((uint)length);
        (_ring, _begin, _count) = (new Slot[length], 0, 0);
        for (var i = 0u; i < count; i++) Append(old[unchecked(begin + i) & oldMask].Call);
    }

    /// <summary>A call, and the newest position in the index bucket that has the number of this slot.</summary>
    private struct Slot
    {
        public uint Newest;
        public IssuedCall Call;
    }
}
