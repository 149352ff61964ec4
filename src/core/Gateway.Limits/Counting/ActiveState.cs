using Gateway.Limits.Model;

namespace Gateway.Limits.Counting;

/// <summary>
/// What a counter has only while something waits at it or is on its way to the store, or where it has to remember
/// calls: made when it is needed and dropped when there is nothing in it, since nearly all counters are at rest.
/// </summary>
public sealed class ActiveState
{
    /// <summary>The call ids answered lately; null where permits never leave the process.</summary>
    public IssuedCallLog? Calls { get; set; }

    /// <summary>The write on its way, or whose outcome is being read.</summary>
    public PendingWrite? PendingWrite { get; set; }

    /// <summary>The read on its way; 0 if there is none.</summary>
    public uint ReadToken { get; set; }

    /// <summary>Calls that had arrived when the read on its way began.</summary>
    public uint ReadArrivals { get; set; }

    /// <summary>Calls that had arrived when the look at the record as last seen began.</summary>
    public uint SeenArrivals { get; set; }

    /// <summary>Writes, one after the other, that came to nothing that is known.</summary>
    public int Unknown { get; set; }

    /// <summary>What a sliding limit has admitted lately, by the record as last seen.</summary>
    public SlidingEntries? Entries { get; set; }

    /// <summary>The numbers in hand above the lowest unbroken run; null if there are none.</summary>
    public List<NumberRange>? Fragments { get; set; }

    /// <summary>The calls that wait; null if none does.</summary>
    public List<QueuedRequest>? Queued { get; set; }

    /// <summary>How many of those are parked.</summary>
    public int Deferred { get; set; }

    /// <summary>
    /// Calls that have waited since this was made; wraps around. It may start over with it: whoever waits then has come
    /// after every look, which is all that is asked of it.
    /// </summary>
    public uint Arrivals { get; set; }

    /// <summary>True if what the owner holds is to be given back once nothing is on its way.</summary>
    public bool HandsBackNext { get; set; }

    /// <summary>True if a new one would say the same of everything that is to come.</summary>
    public bool AreDone =>
        Calls is null && PendingWrite is null && ReadToken == 0 && Unknown == 0 && Entries is null && Queued is null
        && Fragments is null && !HandsBackNext;

    /// <summary>Becomes as new; only once they <see cref="AreDone"/>.</summary>
    public void Forget() => (ReadArrivals, SeenArrivals, Deferred, Arrivals) = (0, 0, 0, 0);

    /// <summary>A copy that shares nothing that moves.</summary>
    public ActiveState Copy()
    {
        var copy = (ActiveState)MemberwiseClone();
        copy.Calls = Calls?.Copy();
        copy.Fragments = Fragments is null ? null : [.. Fragments];
        copy.Queued = Queued?.ConvertAll(static queued => queued with { });
        return copy;
    }
}
