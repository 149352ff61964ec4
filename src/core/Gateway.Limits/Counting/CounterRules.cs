using Gateway.Limits.Counting.Compact;
using Gateway.Limits.Model;

namespace Gateway.Limits.Counting;

/// <summary>The rules that all counters of one engine share.</summary>
public sealed record CounterRules
{
    /// <summary>
    /// True if the store has one owner by construction. Blocks are then extended and read ahead, and a record that this
    /// owner wrote is not read again. Otherwise exactly the needed numbers are reserved, none are kept, and no call is
    /// refused on a stale read of the record.
    /// </summary>
    public required bool HasSoleOwner { get; init; }

    /// <summary>
    /// A sole owner's block is worth at least the maximum divided by this, or by the window's seconds if they are more,
    /// whatever its demand; 0 for no lower bound. An owner that ends without returning its numbers wastes at most one
    /// and a half blocks, and a slow counter writes less often.
    /// </summary>
    public int BlockLeastPart { get; init; }

    /// <summary>The source of nonces.</summary>
    public Nonces Nonces { get; init; } = new();

    /// <summary>
    /// The terms that the engine's counters share. Each engine has its own, so a copy for another engine needs its own.
    /// </summary>
    public SharedRulesTable Terms { get; init; } = new();

    /// <summary>The pool of the counters' active states.</summary>
    public RecyclePool<ActiveState> ActiveStates { get; } = new(static done => done.Forget());

    /// <summary>The dead band at each edge of a window, in milliseconds: 0, or ε with strict windows.</summary>
    public int MarginMs { get; init; }

    /// <summary>Maximum number of calls that wait for one counter; further calls are refused.</summary>
    public int WaitersMax { get; init; } = 16_384;

    /// <summary>
    /// Maximum number of fragments that one counter keeps. Numbers that would form one more are lost for this window.
    /// </summary>
    public int IntervalsMax { get; init; } = 1024;

    /// <summary>
    /// Number of call ids that one counter remembers, oldest forgotten first; 0 where a permit never leaves the process
    /// and is its own proof. A release or repeated acquire of a forgotten id is not recognized: numbers are wasted, but
    /// never used twice.
    /// </summary>
    public int CallsMax { get; init; }

    /// <summary>Returns these rules combined with this maximum.</summary>
    public SharedRules TermsOf(Amount max) => Terms.Of(this, max);
}
