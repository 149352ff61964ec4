using Gateway.Limits.Model;

namespace Gateway.Limits.Counting;

/// <summary>
/// State that a counter needs only while a call waits, an exchange with the store is in progress, or calls have to be
/// remembered. It is created on demand and dropped when empty, since nearly all counters are idle.
/// </summary>
public sealed class ActiveState
{
    /// <summary>The call ids that were recently granted; null where permits never leave the process.</summary>
    public IssuedCallLog? Calls { get; set; }

    /// <summary>The write in progress, or whose outcome is being read.</summary>
    public PendingWrite? PendingWrite { get; set; }

    /// <summary>The token of the read in progress; 0 if there is none.</summary>
    public uint ReadToken { get; set; }

    /// <summary>Number of calls that had arrived when the read in progress began.</summary>
    public uint ReadArrivals { get; set; }

    /// <summary>Number of calls that had arrived when the read of the last seen record began.</summary>
    public uint SeenArrivals { get; set; }

    /// <summary>Consecutive writes with an unknown outcome.</summary>
    public int Unknown { get; set; }

    /// <summary>The recent admissions of a sliding limit, by the record as last seen.</summary>
    public SlidingEntries? Entries { get; set; }

    /// <summary>The numbers in hand above the lowest contiguous run; null if there are none.</summary>
    public List<NumberRange>? Fragments { get; set; }

    /// <summary>The waiting calls; null if there are none.</summary>
    public List<QueuedRequest>? Queued { get; set; }

    /// <summary>Number of waiting calls that are parked.</summary>
    public int Deferred { get; set; }

    /// <summary>
    /// Number of calls that have waited since this state was created; wraps around. It may restart with the state:
    /// calls that wait then arrived after every earlier read, which is the only property needed.
    /// </summary>
    public uint Arrivals { get; set; }

    /// <summary>
    /// True if the numbers that the owner holds are to be returned to the store once no exchange is in progress.
    /// </summary>
    public bool HandsBackNext { get; set; }

    /// <summary>True if a new state would behave identically from here on.</summary>
    public bool AreDone =>
        Calls is null && PendingWrite is null && ReadToken == 0 && Unknown == 0 && Entries is null && Queued is null
        && Fragments is null && !HandsBackNext;

    /// <summary>Resets the state to new; only valid once <see cref="AreDone"/>.</summary>
    public void Forget() => (ReadArrivals, SeenArrivals, Deferred, Arrivals) = (0, 0, 0, 0);

    /// <summary>Returns a copy that shares nothing mutable.</summary>
    public ActiveState Copy()
    {
        var copy = (ActiveState)MemberwiseClone();
        copy.Calls = Calls?.Copy();
        copy.Fragments = Fragments is null ? null : [.. Fragments];
        copy.Queued = Queued?.ConvertAll(static queued => queued with { });
        return copy;
    }
}
