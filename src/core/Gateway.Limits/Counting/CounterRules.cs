using Gateway.Limits.Counting.Compact;
using Gateway.Limits.Model;

namespace Gateway.Limits.Counting;

/// <summary>What is the same for every counter of one engine.</summary>
public sealed record CounterRules
{
    /// <summary>
    /// One owner by construction: blocks are extended and read ahead, and the record that this owner wrote last is not
    /// read again. Else exactly the need is reserved, nothing is kept, and nothing is refused on an old look at the
    /// record.
    /// </summary>
    public required bool HasSoleOwner { get; init; }

    /// <summary>
    /// A sole owner's block is worth at least the maximum divided by this, or by the window's seconds if they are more,
    /// whatever its demand; 0 for no least. An owner that ends without handing back wastes at most one and a half of
    /// it, and a slow counter writes less often.
    /// </summary>
    public int BlockLeastPart { get; init; }

    /// <summary>Where nonces come from.</summary>
    public Nonces Nonces { get; init; } = new();

    /// <summary>The terms that its counters share; of one engine, so a copy for another needs its own.</summary>
    public SharedRulesTable Terms { get; init; } = new();

    /// <summary>Where counters take their errands from.</summary>
    public RecyclePool<ActiveState> ActiveStates { get; } = new(static done => done.Forget());

    /// <summary>The dead band at each edge of a window, in milliseconds: 0, or ε with strict windows.</summary>
    public int MarginMs { get; init; }

    /// <summary>Calls that may wait for one counter; one more is refused.</summary>
    public int WaitersMax { get; init; } = 16_384;

    /// <summary>Fragments that one counter keeps; what would make one more is given up for this window.</summary>
    public int IntervalsMax { get; init; } = 1024;

    /// <summary>
    /// Call ids that one counter remembers, oldest forgotten first; 0 where a permit never leaves the process and is
    /// its own proof. A release or a repeated acquire of a forgotten id is not recognised: numbers are wasted, never
    /// used twice.
    /// </summary>
    public int CallsMax { get; init; }

    /// <summary>These rules with this maximum.</summary>
    public SharedRules TermsOf(Amount max) => Terms.Of(this, max);
}
